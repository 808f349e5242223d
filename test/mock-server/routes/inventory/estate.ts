import { onTestFinished } from 'vitest'
import type { Organization, PersonCredentials, TeamServer } from '../../../../mock-server/index.ts'
import { ask, type Reply } from '../../ask.ts'
import { type ReportAll, reporterFor } from '../../reporting.ts'
import { authorizationOf, createShop } from '../../shop.ts'

const START = new Date('2026-03-01T12:00:00Z')

/** An organization whose engines have been at work, and somebody who reads. */
export interface Estate {
  readonly teamServer: TeamServer
  readonly shop: Organization
  readonly clock: { now: Date }
  readonly report: ReportAll
  /** Makes an application known on a server; answers its id. */
  readonly announce: (application: string, server?: object, more?: object) => Promise<string>
  /** Opens a session of an application; answers its id. */
  readonly openSession: (application: string, metadata?: object) => Promise<string>
  /** Asks as an administrator, below the organization. */
  readonly call: (method: string, path: string, json?: unknown) => Promise<Reply>
  /** Reads as somebody who may only view; answers the document. */
  readonly read: (path: string) => Promise<Readonly<Record<string, unknown>>>
  readonly admin: PersonCredentials
  readonly viewer: PersonCredentials
}

export async function createEstate(): Promise<Estate> {
  const clock = { now: START }
  const { teamServer, shop } = await createShop({ clock: () => clock.now, scryptCost: 1_024 })
  onTestFinished(() => teamServer.close())
  const authorization = authorizationOf(shop.agent)
  const viewer = await shop.addPerson({ role: 'view' })
  const admin = await shop.addPerson({ role: 'admin' })
  const ng = (path: string) =>
    path.startsWith('/organizations/:org')
      ? `/ng${path.replace(':org', shop.id)}`
      : `/ng/${shop.id}${path}`
  return {
    teamServer,
    shop,
    clock,
    admin,
    viewer,
    report: reporterFor(teamServer, shop),
    async announce(name, server, more = {}) {
      const json = { name, language: 'Node', ...more, ...(server === undefined ? {} : { server }) }
      const { body } = await ask(teamServer, 'PUT', '/ng/applications/create', {
        authorization,
        json,
      })
      return (body as { application: { app_id: string } }).application.app_id
    },
    async openSession(application, metadata = {}) {
      const { body } = await ask(teamServer, 'PUT', '/ng/sessions', {
        authorization,
        json: { application, metadata },
      })
      return (body as { session_id: string }).session_id
    },
    call: (method, path, json) =>
      ask(teamServer, method, ng(path), { authorization: admin.authorization, json }),
    async read(path) {
      const reply = await ask(teamServer, 'GET', ng(path), { authorization: viewer.authorization })
      if (reply.status !== 200) throw new Error(`${path} answered ${JSON.stringify(reply)}`)
      return reply.body as Readonly<Record<string, unknown>>
    },
  }
}

/** One field of each entry of a list. */
export function pluck(list: unknown, field: string): readonly unknown[] {
  return (list as readonly Record<string, unknown>[]).map((entry) => entry[field])
}
