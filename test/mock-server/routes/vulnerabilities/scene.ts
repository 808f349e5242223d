import type { Organization, PersonCredentials, TeamServer } from '../../../../mock-server/index.ts'
import { ask, type Reply } from '../../ask.ts'
import { createShop } from '../../shop.ts'

export const NOW = Date.parse('2026-03-01T12:00:00Z')
export const DAY = 86_400_000

/** A shop of two applications, people of each role, and a way to ask. */
export interface Scene {
  readonly teamServer: TeamServer
  readonly shop: Organization
  readonly admin: PersonCredentials
  /** Of an application, by its name. */
  readonly appId: (name: string) => Promise<string>
  /** Of a vulnerability, by its title. */
  readonly uuid: (title: string) => Promise<string>
  /** Asks below `/ng/{org}`, as an administrator unless somebody else is named. */
  readonly get: (path: string, who?: PersonCredentials) => Promise<Reply>
  readonly send: (
    method: string,
    path: string,
    json?: unknown,
    who?: PersonCredentials,
  ) => Promise<Reply>
}

export async function createScene(): Promise<Scene> {
  const { teamServer, shop } = await createShop({ clock: () => NOW, scryptCost: 1_024 })
  const admin = await shop.addPerson({ role: 'admin', userName: 'admin@shop' })
  await shop.plant([
    {
      name: 'web',
      language: 'Node',
      code: 'WEB',
      version: '1.2.0',
      tags: ['retail'],
      importance: 4,
      metadata: { team: 'blue' },
      servers: [{ name: 'web-1', environment: 'QA', tags: ['eu'] }],
      components: [{ name: 'express', version: '5' }],
      vulnerabilities: [
        {
          rule: 'sql-injection',
          title: 'Alpha',
          url: '/orders?id=1',
          evidence: 'select 1',
          request: 'POST /orders?id=1 HTTP/1.1\r\nHost: shop.test:8443\r\n\r\nitem=7',
          count: 3,
          firstSeenDaysAgo: 10,
          lastSeenDaysAgo: 2,
          tags: ['urgent'],
        },
        { rule: 'csrf', title: 'Bravo', url: '/login', firstSeenDaysAgo: 5, status: 'confirmed' },
        {
          rule: 'httponly',
          title: 'Charlie',
          severity: 'low',
          firstSeenDaysAgo: 20,
          lastSeenDaysAgo: 9,
          status: 'fixed',
          markedDaysAgo: 1,
        },
      ],
    },
    {
      name: 'api',
      language: 'Java',
      servers: [{ name: 'api-1', environment: 'PRODUCTION' }],
      vulnerabilities: [
        { rule: 'reflected-xss', title: 'Delta', url: '/search', firstSeenDaysAgo: 1 },
      ],
    },
  ])
  const send: Scene['send'] = (method, path, json, who = admin) =>
    ask(teamServer, method, `/ng/${shop.id}${path}`, { authorization: who.authorization, json })
  return {
    teamServer,
    shop,
    admin,
    async appId(name) {
      const found = (await shop.applications()).find((each) => each.name === name)
      return found?.id ?? 'none'
    },
    async uuid(title) {
      const found = (await shop.vulnerabilities()).find((each) => each.title === title)
      return found?.uuid ?? 'none'
    },
    get: (path, who) => send('GET', path, undefined, who),
    send,
  }
}

/** The titles of a list, and how many it says there are. */
export function titlesIn({ status, body }: Reply): unknown {
  const { traces, count } = body as {
    readonly traces?: readonly { readonly title: string }[]
    readonly count?: number
  }
  return traces === undefined ? status : [traces.map(({ title }) => title), count]
}

/** The one sentence of a refusal. */
export function sentenceOf({ body }: Reply): string {
  return (body as { readonly messages: readonly string[] }).messages.join()
}
