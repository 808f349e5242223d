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
import type { OrganizationSeed } from './administration/organizations.ts'
import type { PersonSeed } from './administration/people.ts'
import { createSecrets } from './administration/secrets.ts'
import { createAuthenticator } from './authentication/authenticate.ts'
import { type Clock, createNow } from './clock.ts'
import { CONTROL_BASE, withControl } from './control/control.ts'
import { createCore } from './core/core.ts'
import { createJournal, type ExchangeEvent } from './core/journal.ts'
import { DEFAULT_LIMITS, type Limits } from './core/limits.ts'
import { TeamServerError } from './errors.ts'
import { DEFAULT_KEY_POLICY, isLikeKey } from './keys/key-policy.ts'
import { createKeyring } from './keys/keyring.ts'
import {
  createOrganizationView,
  type FollowedOrganization,
  type Organization,
  type PersonCredentials,
  personCredentials,
  type RefusedRequest,
  refusalsIn,
} from './organization.ts'
import { ROUTES } from './routes/index.ts'
import { createLoginSessions } from './sessions/login-sessions.ts'
import { createMemoryStore, type Retention } from './store/memory-store.ts'
import type { AuditEntry } from './store/records.ts'
import type { Store } from './store/store.ts'
import { wholeNumbers } from './whole-numbers.ts'

/** Where engines would reach a TeamServer that listens nowhere. */
const ADDRESS_WITHOUT_LISTENER = 'http://127.0.0.1/Contrast'

export interface TeamServerOptions {
  /** Where the time is read. @default the wall clock */
  readonly clock?: Clock
  /** Where everything is kept. @default in memory, bounded by `retention` */
  readonly store?: Store
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
  /** The control API, when it was asked for; its token is shown nowhere else. */
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
  /** Adds a superadmin or an observer, who stand over all organizations. */
  addPerson(seed: PersonSeed): Promise<PersonCredentials>
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
  /** Everything that is remembered. */
  readonly store: Store
  /** Closes every listener. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const OPTION_NAMES = new Set([
  'clock',
  'store',
  'retention',
  'limits',
  'trustedProxies',
  'onExchange',
  'onError',
])

/** Starts a mock TeamServer in this process. It listens nowhere until it is told to. */
export function createTeamServer(options: TeamServerOptions = {}): TeamServer {
  checkNames(options)
  const now = createNow(options.clock)
  const store = options.store ?? createMemoryStore(options.retention)
  const keyring = createKeyring(randomBytes(32))
  const secrets = createSecrets(keyring, DEFAULT_KEY_POLICY, randomInt)
  const defaultLimits = { ...DEFAULT_LIMITS, ...DEFAULT_HTTP_LIMITS }
  const limits = wholeNumbers('limits', defaultLimits, options.limits)
  const sessions = createLoginSessions(store, keyring, () => randomBytes(32).toString('base64url'))
  const followed = new Map<string, FollowedOrganization>()
  const listeners = new Set<HttpListener>()
  let lastUrl = ADDRESS_WITHOUT_LISTENER
  const address = () => lastUrl
  const onError = harmless(options.onError ?? warn)
  const onExchange = options.onExchange && harmless(options.onExchange, onError)

  const administration = createAdministration({
    store,
    secrets,
    now,
    uuid: randomUUID,
    onChange(changed) {
      const id = 'kind' in changed ? changed.organizationId : changed.id
      followed.get(id)?.follow(changed)
    },
  })
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
    trustedProxies: createAddressRanges(checkedProxies(options.trustedProxies ?? [])),
    administration,
    journal: createJournal(store, onExchange),
    limits,
    address,
    now,
    onError,
  })
  const handle = createHandle(core)

  const teamServer: TeamServer = {
    async createOrganization(seed) {
      const created = await administration.organizations.create(seed)
      const view = createOrganizationView({ store, administration, address }, created)
      followed.set(view.organization.id, view)
      return view.organization
    },
    addPerson: async (seed) =>
      personCredentials(administration, await administration.people.add(undefined, seed)),
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
        control: hasControl ? { url: `${listener.origin}${CONTROL_BASE}`, token } : undefined,
        async close() {
          listeners.delete(listener)
          await listener.close()
        },
      }
    },
    refusals: async () => refusalsIn(await store.auditEntries(undefined)),
    auditLog: () => store.auditEntries(undefined),
    store,
    async close() {
      await Promise.all([...listeners].map((listener) => listener.close()))
      listeners.clear()
    },
    [Symbol.asyncDispose]: () => teamServer.close(),
  }
  return teamServer
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

function checkedProxies(entries: readonly string[]): readonly string[] {
  const [mistake] = mistakesInRanges(entries, 'trustedProxies')
  if (mistake === undefined) return entries
  throw new TeamServerError('ERR_OPTION_INVALID', mistake)
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
