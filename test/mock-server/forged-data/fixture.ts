import { onTestFinished, vi } from 'vitest'
import {
  type AgentCredentials,
  createTeamServer,
  type Organization,
  type PersonCredentials,
  type TeamServer,
  type TeamServerOptions,
} from '../../../mock-server/index.ts'
import type { HeaderLine, SentRequest } from './sent-request.ts'

const START = new Date('2026-01-01T00:00:00Z')
const CONSOLE_METHODS = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const

/** Two organizations with everyone who can have something to do with them, and a clock by hand. */
export interface Fixture {
  readonly teamServer: TeamServer
  readonly clock: ManualClock
  /** Layer two is on until a test switches it off. */
  readonly a: Organization
  readonly b: Organization
  /** The agent key `default` of A; follows its rotations. */
  readonly a1: AgentCredentials
  readonly a2: AgentCredentials
  readonly b1: AgentCredentials
  /** Of A, deleted before the test begins. */
  readonly deleted: AgentCredentials
  readonly people: {
    readonly view: PersonCredentials
    readonly edit: PersonCredentials
    readonly rulesAdmin: PersonCredentials
    readonly admin: PersonCredentials
    readonly apiOnlyEdit: PersonCredentials
  }
  readonly superadmin: PersonCredentials
  /** Every secret that there is or was, as far as `noteSecrets` has seen it. */
  readonly secrets: ReadonlySet<string>
  /** Adds the secrets of this moment; called before a key is replaced. */
  noteSecrets(): void
  /** What went to the console, to standard output and error, and to those who watch. */
  readonly output: readonly string[]
  /** What the TeamServer itself failed at: nothing, in all of these tests. */
  readonly errors: readonly unknown[]
  /** The credentials of A1 and A's API key, as they are now. */
  readonly right: { readonly authorization: string; readonly apiKey: string }
  /** A report to an organization, with these header lines beside the content type. */
  report(organization: { readonly id: string }, ...lines: readonly HeaderLine[]): SentRequest
  /** A report of A2 that has to be taken. */
  honestReport(): SentRequest
}

export interface ManualClock {
  now: Date
  /** The latest moment that the clock has shown: the TeamServer's time never goes back. */
  readonly latest: Date
}

export async function createFixture(options: TeamServerOptions = {}): Promise<Fixture> {
  const output = watchOutput()
  const errors: unknown[] = []
  const clock = createManualClock()
  const teamServer = createTeamServer({
    ...options,
    clock: () => clock.now,
    onExchange: (event) => output.push(JSON.stringify(event)),
    onError: (error) => errors.push(error),
  })
  onTestFinished(() => teamServer.close())

  const a = await teamServer.createOrganization({ name: "Whalen'sOrg", apiKey: { enabled: true } })
  const b = await teamServer.createOrganization({
    name: 'Ünter & Söhne',
    apiKey: { enabled: true },
  })
  const a2 = await a.addAgentKey({ name: 'second' })
  const deleted = await a.addAgentKey({ name: 'deleted' })
  await a.deleteAgentKey('deleted')
  const people = {
    view: await a.addPerson({ role: 'view' }),
    edit: await a.addPerson({ role: 'edit' }),
    rulesAdmin: await a.addPerson({ role: 'rules_admin' }),
    admin: await a.addPerson({ role: 'admin' }),
    apiOnlyEdit: await a.addPerson({ role: 'edit', isApiOnly: true }),
  }
  const superadmin = await teamServer.addPerson({ role: 'superadmin' })

  const secrets = new Set<string>()
  let reports = 0
  const fixture: Fixture = {
    teamServer,
    clock,
    a,
    b,
    a1: a.agent,
    a2,
    b1: b.agent,
    deleted,
    people,
    superadmin,
    secrets,
    noteSecrets() {
      for (const { userName, serviceKey, token } of [a.agent, a2, b.agent, deleted]) {
        secrets.add(serviceKey).add(authorizationOf(userName, serviceKey)).add(token)
      }
      for (const person of [...Object.values(people), superadmin]) {
        secrets.add(person.serviceKey).add(person.password).add(person.authorization)
      }
      secrets.add(a.apiKey.value).add(b.apiKey.value)
    },
    output,
    errors,
    get right() {
      const { userName, serviceKey } = a.agent
      return { authorization: authorizationOf(userName, serviceKey), apiKey: a.apiKey.value }
    },
    report: (organization, ...lines) => ({
      method: 'POST',
      path: `/Contrast/api/engine/v1/organizations/${organization.id}/reports`,
      headers: [['Content-Type', 'application/json'], ...lines],
      body: JSON.stringify({
        organization: organization.id,
        reports: [{ id: `report-${++reports}`, type: 'finding', rule: 'sql-injection' }],
      }),
    }),
    honestReport: () => fixture.report(a, ...layersOf(a2, a.apiKey.value)),
  }
  fixture.noteSecrets()
  return fixture
}

/** The documented value of `Authorization`. */
export function authorizationOf(userName: string, serviceKey: string): string {
  return Buffer.from(`${userName}:${serviceKey}`, 'utf8').toString('base64')
}

/** The lines of both layers. */
export function layersOf(
  { userName, serviceKey }: { readonly userName: string; readonly serviceKey: string },
  apiKey: string,
): readonly HeaderLine[] {
  return [
    ['Authorization', authorizationOf(userName, serviceKey)],
    ['API-Key', apiKey],
  ]
}

function createManualClock(): ManualClock {
  let now = START
  let latest = START
  return {
    get now() {
      return now
    },
    set now(moment) {
      now = moment
      if (moment > latest) latest = moment
    },
    get latest() {
      return latest
    },
  }
}

/** Collects what is printed until the test ends. */
function watchOutput(): string[] {
  const output: string[] = []
  const spies = [
    ...CONSOLE_METHODS.map((method) =>
      vi.spyOn(console, method).mockImplementation((...printed) => {
        output.push(printed.map(String).join(' '))
      }),
    ),
    ...[process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation((chunk) => {
        output.push(String(chunk))
        return true
      }),
    ),
  ]
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore()
  })
  return output
}
