import { authorizationOf, type Fixture } from '../forged-data/fixture.ts'

/** A call of one route. */
export interface Step {
  /** As the table of routes has it: method and path. */
  readonly route: string
  /** What stands for `:name` in the path; `:org` is A without one. */
  readonly parameters?: Readonly<Record<string, string>>
  readonly query?: string
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly json?: unknown
}

/** What a step gave, for the next one. */
export interface Given {
  readonly body: unknown
  /** The session id, where one was handed out. */
  readonly cookie: string | undefined
}

/** Goes through a TeamServer as its callers do, and keeps what came back. */
export interface Walk {
  step(step: Step): Promise<Given>
  /** Does something in process, by the name it has there; what is thrown is kept. */
  act(name: string, work: () => unknown): Promise<void>
  /** From here on, nobody may find this again. */
  note(...secrets: readonly (string | undefined)[]): void
  /** Statuses by route. */
  readonly statuses: ReadonlyMap<string, readonly number[]>
  /** Whole refusals, with their headers. */
  readonly refusals: readonly unknown[]
  /** Answers, with their headers, without what the route is there to hand out. */
  readonly answers: readonly unknown[]
  /** What acts in process gave, without what they are there to hand out. */
  readonly results: ReadonlyMap<string, readonly unknown[]>
  readonly thrown: readonly unknown[]
  /** Every secret that there is or was. */
  readonly secrets: ReadonlySet<string>
}

/** What a route hands out, by the names under which it does: nothing secret stands anywhere else. */
const HANDED_OUT: Readonly<Record<string, readonly string[]>> = {
  'POST /ng/login': ['csrfToken', 'set-cookie'],
  'GET /ng/:org/organizations/apikey': ['api_key'],
  'PUT /ng/:org/organizations/apikey': ['api_key'],
  'PUT /ng/:org/organizations/apikey/rotate': ['api_key'],
  'PUT /ng/:org/organizations/apikey/revoke': ['api_key'],
  'GET /ng/:org/profile/apikey': ['api_key'],
  'GET /ng/:org/agents/keys': ['service_key', 'token'],
  'POST /ng/:org/agents/keys': ['service_key', 'token'],
  'PUT /ng/:org/agents/keys/:name/rotate': ['service_key', 'token'],
  'PUT /ng/:org/agents/keys/:name/revoke': ['service_key', 'token'],
  'GET /ng/profile/servicekey': ['service_key'],
  'PUT /ng/profile/servicekey/rotate': ['service_key'],
  'POST /ng/:org/users': ['password', 'service_key'],
  'GET /ng/:org/users/:uid/authorization': ['auth_header'],
}

/** The agent's configuration is a text that holds its credentials. */
const HANDED_OUT_WHOLE = new Set([
  'GET /ng/:org/agents/external/default/:platform',
  'POST /ng/:org/agents/external/default/:platform',
])

/** What answers in process with a bare secret; all else that is given shows none when it is printed. */
const GIVEN_BARE = new Set(['apiKey.rotate', 'organization.engineOptions'])

/** Under these names an object in process can be asked for a secret. */
const ASKED_BY_NAME = ['serviceKey', 'token', 'password', 'authorization', 'organizationApiKey']

export function createWalk(fixture: Fixture): Walk {
  const { teamServer, a } = fixture
  const statuses = new Map<string, number[]>()
  const refusals: unknown[] = []
  const answers: unknown[] = []
  const results = new Map<string, unknown[]>()
  const thrown: unknown[] = []
  const secrets = fixture.secrets as Set<string>

  function note(...given: readonly (string | undefined)[]): void {
    for (const secret of given) if (secret !== undefined && secret !== '') secrets.add(secret)
  }

  /** Also those that a rotation is about to take away. */
  async function noteAll(): Promise<void> {
    fixture.noteSecrets()
    for (const each of await a.agentKeys()) noteByName(each)
    for (const each of [...(await a.people()), ...(await teamServer.people())]) noteByName(each)
  }

  function noteByName(given: unknown): void {
    if (typeof given !== 'object' || given === null) return
    if (Array.isArray(given)) for (const each of given) noteByName(each)
    const object = given as Readonly<Record<string, unknown>>
    for (const name of ASKED_BY_NAME) {
      const value = object[name]
      if (typeof value === 'string') note(value)
    }
    const { userName, serviceKey } = object
    if (typeof userName === 'string' && typeof serviceKey === 'string') {
      note(authorizationOf(userName, serviceKey))
    }
  }

  /** Takes what a route hands out from its answer, wherever in it that stands. */
  function withoutHandedOut(route: string, value: unknown): unknown {
    const names = HANDED_OUT[route] ?? []
    return JSON.parse(JSON.stringify(value), (name, inner) => {
      if (!names.includes(name)) return inner
      if (name !== 'set-cookie' && typeof inner === 'string') note(inner)
      return '<handed out>'
    })
  }

  return {
    statuses,
    refusals,
    answers,
    results,
    thrown,
    secrets,
    note,
    async step({ route, parameters = {}, query = '', headers = {}, json }) {
      await noteAll()
      const [method = '', template = ''] = route.split(' ')
      const path = template.replace(/:(\w+)/g, (_all, name: string) =>
        encodeURIComponent(parameters[name] ?? (name === 'org' ? a.id : name)),
      )
      const sent = Object.entries(headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as [string, string]],
      )
      const response = await teamServer.handle(
        new Request(`http://teamserver.test/Contrast/api${path}${query}`, {
          method,
          headers: [...sent, ...(json === undefined ? [] : [JSON_TYPE])],
          ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        }),
        { remoteAddress: '127.0.0.5' },
      )
      const text = await response.text()
      const lines = Object.fromEntries(response.headers)
      const cookie = /TEAMSERVER_SESSION=([^;]+)/.exec(lines['set-cookie'] ?? '')?.[1]
      note(cookie)
      statuses.set(route, [...(statuses.get(route) ?? []), response.status])
      const body = text.startsWith('{') ? JSON.parse(text) : undefined
      if (!response.ok) refusals.push({ route, text, lines })
      else if (HANDED_OUT_WHOLE.has(route)) answers.push({ route, lines })
      else answers.push(withoutHandedOut(route, { route, text: body ?? text, lines }))
      await noteAll()
      return { body, cookie }
    },
    async act(name, work) {
      await noteAll()
      try {
        const given = await work()
        noteByName(given)
        if (typeof given === 'string') note(given)
        if (!GIVEN_BARE.has(name)) results.set(name, [...(results.get(name) ?? []), given])
        else if (!results.has(name)) results.set(name, [])
      } catch (error) {
        thrown.push(error)
      }
      await noteAll()
    },
  }
}

const JSON_TYPE: [string, string] = ['content-type', 'application/json']
