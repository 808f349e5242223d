import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import {
  DEFAULT_HTTP_LIMITS,
  type HttpLimits,
  type HttpListener,
  type ListenOptions,
  listenHttp,
} from './adapters/node-http.ts'
import { createHandle } from './adapters/web.ts'
import { createAddressRanges, mistakesInRanges } from './addresses/address-ranges.ts'
import { createAdministration } from './administration/administration.ts'
import { DEFAULT_AGENT_KEY } from './administration/agent-keys.ts'
import type { OrganizationSeed } from './administration/organizations.ts'
import type { PersonSeed } from './administration/person-seed.ts'
import { createSecrets } from './administration/secrets.ts'
import { createAuthenticator } from './authentication/authenticate.ts'
import { type Clock, createNow } from './clock.ts'
import { CONTROL_BASE, withControl } from './control/control.ts'
import { createCore } from './core/core.ts'
import { createFailedAttempts, type FailedAttempts } from './core/failed-attempts.ts'
import { createJournal, type ExchangeEvent } from './core/journal.ts'
import { DEFAULT_LIMITS, type Limits } from './core/limits.ts'
import { TeamServerError } from './errors.ts'
import { DEFAULT_KEY_POLICY, isLikeKey } from './keys/key-policy.ts'
import { createKeyring } from './keys/keyring.ts'
import {
  createOrganizationView,
  type FollowedOrganization,
  type KnownPerson,
  knownPerson,
  type Organization,
  type PersonCredentials,
  personCredentials,
  type RefusedRequest,
  refusalsIn,
} from './organization.ts'
import { createPasswordHashing } from './passwords/password-hashing.ts'
import type { PasswordPolicy } from './passwords/password-policy.ts'
import { ROUTES } from './routes/index.ts'
import { createLoginSessions } from './sessions/login-sessions.ts'
import { type OpenedStore, openStore } from './state/open-store.ts'
import type { Retention } from './store/memory-store.ts'
import type {
  AgentKeyRecord,
  AuditEntry,
  KeyPolicies,
  OrganizationRecord,
} from './store/records.ts'
import type { Store } from './store/store.ts'
import { wholeNumbers } from './whole-numbers.ts'

/** Where engines would reach a TeamServer that listens nowhere. */
const ADDRESS_WITHOUT_LISTENER = 'http://127.0.0.1/Contrast'

export interface TeamServerOptions {
  /** Where the time is read. @default the wall clock */
  readonly clock?: Clock
  /** Where everything is kept. @default in memory, bounded by `retention` */
  readonly store?: Store
  /**
   * A file that keeps organizations, keys, people and settings over restarts; made where none is.
   * Reports, sessions and the audit log are fresh at each start.
   */
  readonly stateFile?: string
  /** How much one organization may fill of the store in memory. */
  readonly retention?: Partial<Retention>
  /** What is taken of one request, and of one connection. */
  readonly limits?: Partial<Limits & HttpLimits>
  /**
   * Proxies in front of the mock, as addresses or ranges: their `X-Forwarded-For` is believed.
   *
   * @default none
   */
  readonly trustedProxies?: readonly string[]
  /**
   * What a chosen password costs to keep and compare: scrypt's N, a power of two from 1 024 to
   * 1 048 576. Tests may take a cheap one.
   *
   * @default 131_072
   */
  readonly scryptCost?: number
  /**
   * Refused credentials that an address has in a minute; past it, its refused requests and its
   * logins are told to wait. 1 to 1 000 000. Right credentials are never told to.
   *
   * @default no limit
   */
  readonly failedAttemptsPerMinute?: number
  /** Addresses or ranges of which refused credentials are not counted. @default none */
  readonly failedAttemptsExempt?: readonly string[]
  /** Told of each request and what became of it. Never of a secret. */
  readonly onExchange?: (event: ExchangeEvent) => void
  /**
   * Told of errors of the mock itself; the caller only hears that there was one.
   *
   * @default a warning of the process
   */
  readonly onError?: (error: unknown) => void
}

/** A port that the TeamServer listens on. */
export interface Listener {
  /** Ends in `/Contrast`. */
  readonly url: string
  /** The control API, when it was asked for; its token shows only when it is read by name. */
  readonly control: { readonly url: string; readonly token: string } | undefined
  close(): Promise<void>
}

export interface TeamServerListenOptions extends ListenOptions {
  /** Opens the control API at `/control`, to callers on this machine. @default false */
  readonly control?: boolean
}

/** A mock TeamServer. Several can stand side by side. */
export interface TeamServer {
  /** @throws `ERR_OPTION_INVALID`, `ERR_KEY_INVALID`, `ERR_NAME_TAKEN` */
  createOrganization(seed: OrganizationSeed): Promise<Organization>
  /** Every organization, also those of the state file, oldest first. */
  organizations(): Promise<readonly Organization[]>
  organization(id: string): Promise<Organization | undefined>
  /** Adds a superadmin or an observer, who stand over all organizations. */
  addPerson(seed: PersonSeed): Promise<PersonCredentials>
  /** What keys must be made of: one section for each kind. */
  keyPolicy(): Promise<KeyPolicies>
  /** Puts both sections in force; keys of before keep working. @throws `ERR_OPTION_INVALID` */
  setKeyPolicy(policy: KeyPolicies): Promise<void>
  /** What passwords must be made of, and how long logins last. */
  passwordPolicy(): Promise<PasswordPolicy>
  /** What is left out stays. @throws `ERR_OPTION_INVALID`, naming every rule that cannot hold. */
  setPasswordPolicy(change: Partial<PasswordPolicy>): Promise<void>
  /** The superadmins and observers, in the order in which they were added. */
  people(): Promise<readonly KnownPerson[]>
  /**
   * Answers a request without a socket.
   *
   * @param from Where it is to come from; without one, address ranges refuse it.
   */
  handle(request: Request, from?: { readonly remoteAddress?: string }): Promise<Response>
  /** The same in the shape of `fetch`: `createEngine({ ...organization.engineOptions(), fetch })`. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** Opens a port. @throws `ERR_LISTEN` */
  listen(options?: TeamServerListenOptions): Promise<Listener>
  /** Refused requests of which no organization can be told, oldest first. */
  refusals(): Promise<readonly RefusedRequest[]>
  /** The audit log of what concerns no single organization, oldest first. */
  auditLog(): Promise<readonly AuditEntry[]>
  /** Refusals and remarks that the store could not write; what was answered stood all the same. */
  lostAuditEntries(): number
  /** Everything that is remembered. */
  readonly store: Store
  /** Closes every listener, and the state file. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const OPTION_NAMES = new Set([
  'clock',
  'store',
  'stateFile',
  'retention',
  'limits',
  'trustedProxies',
  'scryptCost',
  'failedAttemptsPerMinute',
  'failedAttemptsExempt',
  'onExchange',
  'onError',
])

/**
 * Starts a mock TeamServer in this process. It listens nowhere until it is told to.
 *
 * @throws `ERR_OPTION_INVALID`; `ERR_STATE_FILE` when the state file cannot be read or is in use.
 */
export function createTeamServer(options: TeamServerOptions = {}): TeamServer {
  checkNames(options)
  const onError = harmless(options.onError ?? warn)
  const opened = openStore(options, onError)
  try {
    return assemble(options, opened, onError)
  } catch (error) {
    opened.closeStore()
    throw error
  }
}

function assemble(
  options: TeamServerOptions,
  { store, serverSecret, latestMoment, observe, closeStore }: OpenedStore,
  onError: (error: unknown) => void,
): TeamServer {
  const tick = createNow(options.clock, latestMoment)
  const now = () => {
    const moment = tick()
    observe(moment)
    return moment
  }
  const keyring = createKeyring(serverSecret)
  const secrets = createSecrets(keyring, store, randomInt)
  const defaultLimits = { ...DEFAULT_LIMITS, ...DEFAULT_HTTP_LIMITS }
  const limits = wholeNumbers('limits', defaultLimits, options.limits)
  const sessions = createLoginSessions(store, keyring, () => randomBytes(32).toString('base64url'))
  const hashing = createPasswordHashing(keyring, options.scryptCost)
  const followed = new Map<string, FollowedOrganization>()
  const listeners = new Set<HttpListener>()
  let lastUrl = ADDRESS_WITHOUT_LISTENER
  const address = () => lastUrl
  const onExchange = options.onExchange && harmless(options.onExchange, onError)

  const administration = createAdministration({
    store,
    secrets,
    hashing,
    sessions,
    now,
    uuid: randomUUID,
    onChange(changed) {
      const id = 'kind' in changed ? changed.organizationId : changed.id
      followed.get(id)?.follow(changed)
    },
  })
  const journal = createJournal(store, onExchange, onError)
  const core = createCore({
    routes: ROUTES,
    store,
    authenticator: createAuthenticator({
      store,
      keyring,
      sessions,
      isLikeKey: (text) => isLikeKey(text, DEFAULT_KEY_POLICY),
    }),
    sessions,
    failedAttempts: failedAttemptsOf(options),
    trustedProxies: createAddressRanges(
      checkedRanges('trustedProxies', options.trustedProxies ?? []),
    ),
    administration,
    journal,
    limits,
    address,
    now,
    onError,
  })
  const handle = createHandle(core)

  function viewOf(first: {
    readonly organization: OrganizationRecord
    readonly agentKey: AgentKeyRecord
  }): Organization {
    const { id } = first.organization
    const view =
      followed.get(id) ?? createOrganizationView({ store, administration, address }, first)
    followed.set(id, view)
    return view.organization
  }

  /** One that was not made through this object: out of the state file, or over REST. */
  async function find(id: string): Promise<Organization | undefined> {
    const known = followed.get(id)
    if (known !== undefined) return known.organization
    const [organization, agentKey] = [await store.organization(id), await defaultKeyOf(store, id)]
    if (organization === undefined || agentKey === undefined) return undefined
    const view = viewOf({ organization, agentKey })
    // Whatever was changed while it was looked for.
    const [latest, latestKey] = [await store.organization(id), await defaultKeyOf(store, id)]
    for (const record of [latest, latestKey]) if (record) followed.get(id)?.follow(record)
    return view
  }

  const teamServer: TeamServer = {
    createOrganization: async (seed) => viewOf(await administration.organizations.create(seed)),
    async organizations() {
      const records = await store.organizations()
      const found = await Promise.all(records.map(({ id }) => find(id)))
      return found.filter((each) => each !== undefined)
    },
    organization: (id) => find(id.toLowerCase()),
    addPerson: async (seed) =>
      personCredentials(administration, await administration.people.add(undefined, seed)),
    keyPolicy: () => administration.keyPolicies.read(),
    setKeyPolicy: async (given) => void (await administration.keyPolicies.save(given)),
    passwordPolicy: () => administration.passwords.policy(),
    setPasswordPolicy: async (change) => void (await administration.passwords.setPolicy(change)),
    async people() {
      const found = await store.people()
      return found.flatMap((each) =>
        each.systemRole === undefined ? [] : [knownPerson(administration, each, each.systemRole)],
      )
    },
    handle,
    async fetch(input, init) {
      const request = new Request(input, init)
      request.signal.throwIfAborted()
      return handle(request)
    },
    async listen(listenOptions = {}) {
      const token = randomBytes(32).toString('base64url')
      const hasControl = listenOptions.control === true
      const door = hasControl ? withControl({ core, store, keyring, token, onError }) : core
      const listener = await listenHttp(door, listenOptions, limits)
      listeners.add(listener)
      const url = `${listener.origin}/Contrast`
      lastUrl = url
      return {
        url,
        control: hasControl
          ? Object.defineProperty({ url: `${listener.origin}${CONTROL_BASE}`, token }, 'token', {
              enumerable: false,
            })
          : undefined,
        async close() {
          listeners.delete(listener)
          await listener.close()
        },
      }
    },
    refusals: async () => refusalsIn(await store.auditEntries(undefined)),
    auditLog: () => store.auditEntries(undefined),
    lostAuditEntries: () => journal.lostEntries,
    store,
    async close() {
      await Promise.all([...listeners].map((listener) => listener.close()))
      listeners.clear()
      closeStore()
    },
    [Symbol.asyncDispose]: () => teamServer.close(),
  }
  return teamServer
}

/** The last key of the name `default`, which may be deleted. */
async function defaultKeyOf(store: Store, organizationId: string) {
  if ((await store.organization(organizationId)) === undefined) return undefined
  const callers = await store.callers(organizationId)
  return callers
    .filter((each) => each.kind === 'agent')
    .findLast(({ name }) => name === DEFAULT_AGENT_KEY)
}

/** Calls back into the program that watches. What it throws changes no answer. */
function harmless<Told>(
  listener: (told: Told) => void,
  onFailure: (error: unknown) => void = () => {},
): (told: Told) => void {
  return (told) => {
    try {
      listener(told)
    } catch (error) {
      onFailure(error)
    }
  }
}

function checkedRanges(option: string, entries: readonly string[]): readonly string[] {
  const mistake = mistakesInRanges(entries, option)
  if (mistake === undefined) return entries
  throw new TeamServerError('ERR_OPTION_INVALID', mistake)
}

function failedAttemptsOf(options: TeamServerOptions): FailedAttempts {
  const { failedAttemptsPerMinute: perMinute, failedAttemptsExempt: exempt = [] } = options
  const isInside = Number.isSafeInteger(perMinute) && Number(perMinute) >= 1
  if (perMinute !== undefined && (!isInside || perMinute > 1_000_000)) {
    throw new TeamServerError(
      'ERR_OPTION_INVALID',
      'failedAttemptsPerMinute must be a whole number from 1 to 1000000',
    )
  }
  return createFailedAttempts(
    perMinute,
    createAddressRanges(checkedRanges('failedAttemptsExempt', exempt)),
  )
}

function checkNames(options: TeamServerOptions): void {
  const unknown = Object.keys(options).filter((name) => !OPTION_NAMES.has(name))
  if (unknown.length === 0) return
  const known = [...OPTION_NAMES].join(', ')
  throw new TeamServerError(
    'ERR_OPTION_INVALID',
    `unknown option ${unknown.join(', ')}; createTeamServer takes ${known}`,
  )
}

/** What a program that asked for nothing hears of an error inside. */
function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error))
}
