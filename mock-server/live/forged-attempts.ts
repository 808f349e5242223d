import { API_KEY, AUTHORIZATION } from '../../sdk/wire/headers.ts'
import { API_BASE, ENGINE_PATHS, LONG_PATHS } from '../../sdk/wire/paths.ts'
import type { RequestHead } from '../core/exchange.ts'
import type { OrganizationRecord } from '../store/records.ts'
import type { LiveParts } from './live.ts'

/** What the thief is given. */
export interface Loot {
  /** The generated credentials of an engine, stolen. */
  readonly agent: Credentials
  /** The organization API key: not even with it. */
  readonly apiKey: string
  /** Whoever lets it be played. */
  readonly person: Credentials
  readonly remoteAddress: string | undefined
}

interface Credentials {
  readonly userName: string
  readonly serviceKey: string
}

/** What became of one attempt. */
export interface ForgedOutcome {
  readonly name: string
  /** What should become of it, by the two layers as they are set. */
  readonly expected: 'stored' | 'refused'
  readonly status: number
  /** As the answer says; null where it was taken. */
  readonly reason: string | null
  readonly stored: boolean
}

interface Attempt {
  readonly name: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** True where layer one is right: it gets in while the second layer is off. */
  readonly isLayerOneRight: boolean
}

/** Sends each attempt through the door that everybody's requests go through, and looks what was stored. */
export async function playForgedAttempts(
  { answer, store, uuid }: LiveParts,
  organization: OrganizationRecord,
  loot: Loot,
): Promise<readonly ForgedOutcome[]> {
  const played = []
  for (const attempt of attemptsOn(organization.id, loot, uuid)) {
    const id = `forged-${uuid()}`
    const body = Buffer.from(
      JSON.stringify({
        reports: [
          { id, type: 'finding', rule: 'sql-injection', severity: 'critical', title: 'made up' },
        ],
      }),
    )
    const { status, refusal } = await answer(
      headOf(attempt, body, loot.remoteAddress),
      async () => ({
        status: 'read',
        bytes: body,
      }),
    )
    played.push({ attempt, id, status, reason: refusal?.reason ?? null })
  }
  const stored = new Set((await store.reports(organization.id)).map(({ report }) => report.id))
  return played.map(({ attempt, id, status, reason }) => ({
    name: attempt.name,
    expected: attempt.isLayerOneRight && !organization.isApiKeyEnabled ? 'stored' : 'refused',
    status,
    reason,
    stored: stored.has(id),
  }))
}

function headOf(
  { path, headers }: Attempt,
  body: Uint8Array,
  remoteAddress: string | undefined,
): RequestHead {
  const lines = new Map(
    Object.entries({
      host: 'forger.invalid',
      'user-agent': 'forged-attempt',
      'content-type': 'application/json',
      'content-length': String(body.length),
      ...headers,
    }),
  )
  return {
    method: 'POST',
    target: `${API_BASE}${path}`,
    header: (name) => lines.get(name),
    headerNames: () => lines.keys(),
    remoteAddress,
  }
}

/** As a thief would try them. Each names the organization, so that it can be told whose it is. */
function attemptsOn(
  organizationId: string,
  { agent, apiKey, person }: Loot,
  uuid: () => string,
): readonly Attempt[] {
  const path = LONG_PATHS.reports.replace(':org', organizationId)
  const stolen = authorizationOf(agent)
  const unknown = { ...agent, userName: agent.userName.replace(/^agent_[^@]+/, `agent_${uuid()}`) }
  const withStolen = (name: string, headers: Record<string, string> = {}, to = path): Attempt => ({
    name,
    path: to,
    headers: { [AUTHORIZATION]: stolen, ...headers },
    isLayerOneRight: true,
  })
  const withKey = (name: string, authorization: string | undefined, to = path): Attempt => ({
    name,
    path: to,
    headers: {
      ...(authorization === undefined ? {} : { [AUTHORIZATION]: authorization }),
      [API_KEY]: apiKey,
    },
    isLayerOneRight: false,
  })
  return [
    withStolen('stolen generated credentials, no API key'),
    withStolen('the same, by the short path', {}, ENGINE_PATHS.reports),
    withStolen('the same with a guessed API key', { [API_KEY]: changed(apiKey) }),
    withStolen('the same with the service key as API key', { [API_KEY]: agent.serviceKey }),
    withStolen(
      'the same with the API key in the query',
      {},
      `${path}?api-key=${encodeURIComponent(apiKey)}`,
    ),
    withStolen('the same with the API key sent twice', { [API_KEY]: `${apiKey}, ${apiKey}` }),
    withKey('the right API key, no generated credentials', undefined),
    withKey(
      'the right API key, a guessed service key',
      authorizationOf({ ...agent, serviceKey: changed(agent.serviceKey) }),
    ),
    withKey('the right API key, an agent that does not exist', authorizationOf(unknown)),
    withKey('the right API key, the credentials as a bearer token', `Bearer ${stolen}`),
    withKey("the right API key, a person's service key", authorizationOf(person)),
  ]
}

function authorizationOf({ userName, serviceKey }: Credentials): string {
  return Buffer.from(`${userName}:${serviceKey}`).toString('base64')
}

/** The same characters in another order: right in length and in every rule, wrong all the same. */
function changed(key: string): string {
  const turned = key.slice(1) + key.charAt(0)
  // Of one letter alone there is no other order.
  return turned === key ? `${key.slice(1)}${key.startsWith('x') ? 'y' : 'x'}` : turned
}
