import { randomBytes, randomInt } from 'node:crypto'
import { setImmediate } from 'node:timers'
import { DEFAULT_HTTP_LIMITS } from '../adapters/node-http.ts'
import { createHandle } from '../adapters/web.ts'
import { createAddressRanges } from '../addresses/address-ranges.ts'
import { createAdministration } from '../administration/administration.ts'
import type { OrganizationSeed } from '../administration/organizations.ts'
import type { PersonSeed } from '../administration/person-seed.ts'
import { createSecrets } from '../administration/secrets.ts'
import { createAuthenticator } from '../authentication/authenticate.ts'
import { FIXED_WORDS } from '../catalog/fixed-words.ts'
import { isError } from '../caught-error.ts'
import { createMovableClock, type TeamServerClock } from '../clock.ts'
import { controlRoutes } from '../control/routes.ts'
import { createCore } from '../core/core.ts'
import type { Core } from '../core/exchange.ts'
import { createJournal } from '../core/journal.ts'
import { DEFAULT_LIMITS } from '../core/limits.ts'
import { createFaults, type Faults } from '../faults/faults.ts'
import { withFaults } from '../faults/with-faults.ts'
import { newUuid } from '../flat-text.ts'
import { DEFAULT_KEY_POLICY, isLikeKey } from '../keys/key-policy.ts'
import { createKeyring } from '../keys/keyring.ts'
import { createLedgers } from '../ledger/ledger.ts'
import { createChanges } from '../live/changes.ts'
import { createLive } from '../live/live.ts'
import { createOrganizationView, type Organization } from '../organization/organization.ts'
import {
  type KnownPerson,
  knownPerson,
  type PersonCredentials,
  personCredentials,
} from '../organization/people.ts'
import { createPasswordHashing } from '../passwords/password-hashing.ts'
import type { PasswordPolicy } from '../passwords/password-policy.ts'
import { type Recording, record } from '../recording/record.ts'
import type { LoggedRequest } from '../request-log/logged-request.ts'
import { createRequestLog, DEFAULT_REQUEST_LOG } from '../request-log/request-log.ts'
import { withRequestLog } from '../request-log/with-request-log.ts'
import { EARLY_ROUTES } from '../routes/early.ts'
import type { Route } from '../routes/route.ts'
import { type Playing, type PlayOptions, play } from '../scenario/play.ts'
import type { ScenarioStep } from '../scenario/step.ts'
import { createLoginSessions } from '../sessions/login-sessions.ts'
import { type OpenedStore, openStore } from '../state/open-store.ts'
import type { AuditEntry, KeyPolicies } from '../store/records.ts'
import { type RefusedRequest, refusalsIn } from '../store/refused-request.ts'
import type { Store } from '../store/store.ts'
import { createExchangeWatchers } from '../waiting/exchange-watchers.ts'
import { wholeNumbers } from '../whole-numbers.ts'
import { createFollowedOrganizations } from './followed-organizations.ts'
import { createListeners, type Listener, type TeamServerListenOptions } from './listeners.ts'
import { checkedRanges, checkNames, failedAttemptsOf, type TeamServerOptions } from './options.ts'
import { createPause } from './pause.ts'
import { createReset } from './reset.ts'
import { createSnapshots } from './snapshots.ts'

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
  /**
   * Puts both sections in force; keys of before keep working. The answer warns of each section that
   * allows weak keys, and says how weak.
   *
   * @throws `ERR_OPTION_INVALID`, naming every field that cannot hold; then nothing has changed.
   */
  setKeyPolicy(policy: KeyPolicies): Promise<{ readonly warnings: readonly string[] }>
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
  /** Opens a port. @throws `ERR_LISTEN`, `ERR_OPTION_INVALID` */
  listen(options?: TeamServerListenOptions): Promise<Listener>
  /** Refused requests of which no organization can be told, oldest first. */
  refusals(): Promise<readonly RefusedRequest[]>
  /** The newest requests with their answers, and those that are under way: see `requestLog`. */
  requests(): readonly LoggedRequest[]
  /** The audit log of what concerns no single organization, oldest first. */
  auditLog(): Promise<readonly AuditEntry[]>
  /** Refusals and remarks that the store could not write; what was answered stood all the same. */
  lostAuditEntries(): number
  /** What goes wrong on purpose, with requests of any organization. */
  readonly faults: Faults
  /** The time, which can be moved forward. */
  readonly clock: TeamServerClock
  /** `organization.reset()` of every organization, and all that belongs to none. */
  reset(): Promise<void>
  /** Writes each call of an engine into a file, to be sent again by `replay()`. @throws `ERR_RECORDING` */
  record(file: string): Recording
  /**
   * Does steps at their times: keys rotated, layers switched, the clock moved, faults, a restart.
   *
   * @throws `ERR_OPTION_INVALID`, naming every mistake; then nothing is played.
   */
  play(scenario: readonly ScenarioStep[], options?: PlayOptions): Playing
  /**
   * Everything that the TeamServer knows: organizations, keys as digests and sealed, people, settings,
   * reports, what engines made known, login sessions, audit log, ledgers and the clock. Sealed: only
   * this TeamServer, or one on the same state file, can read it.
   */
  snapshot(): Promise<string>
  /**
   * Puts a snapshot in the place of all that is there; the clock goes back with it. Organization
   * objects of before go on working.
   *
   * @throws `ERR_SNAPSHOT`, `ERR_STATE_FILE`; then nothing has changed.
   */
  restore(snapshot: string): Promise<void>
  /** Everything that is remembered. */
  readonly store: Store
  /** Closes every listener, and the state file. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

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
  { store, keyUses, serverSecret, latestMoment, observe, closeStore }: OpenedStore,
  onError: (error: unknown, id?: string) => void,
): TeamServer {
  const movable = createMovableClock(options.clock, latestMoment)
  const seen = (moment: Date) => {
    observe(moment)
    return moment
  }
  const now = () => seen(movable.now())
  const clock: TeamServerClock = {
    now,
    advance: (ms) => seen(movable.advance(ms)),
    set: (moment) => seen(movable.set(moment)),
  }
  const keyring = createKeyring(serverSecret)
  const secrets = createSecrets(keyring, store, randomInt)
  const defaultLimits = { ...DEFAULT_LIMITS, ...DEFAULT_HTTP_LIMITS }
  const limits = wholeNumbers('limits', defaultLimits, options.limits)
  const sessions = createLoginSessions(store, keyring, () => randomBytes(32).toString('base64url'))
  const hashing = createPasswordHashing(keyring, options.scryptCost)
  const faults = createFaults()
  const ledgers = createLedgers()
  const closing = new AbortController()
  const watchers = createExchangeWatchers()
  const changes = createChanges()
  const requestLog = createRequestLog(
    wholeNumbers('requestLog', DEFAULT_REQUEST_LOG, options.requestLog),
    now,
    elapsedMs,
    (work) => void setImmediate(work),
  )
  const reset = createReset({ store, ledgers, faults, requestLog })
  const createOrganization = async (seed: OrganizationSeed) =>
    followed.view(await administration.organizations.create(seed))
  const startedMs = elapsedMs()
  const snapshots = createSnapshots({
    store,
    keyUses,
    ledgers,
    clock: movable,
    serverSecret,
    followed: () => followed,
  })
  const listeners = createListeners({
    keyring,
    limits,
    controlRoutes: controlRoutes({
      store,
      watchers,
      requestLog,
      faults,
      clock,
      reset,
      snapshots,
      ledgers,
      createOrganization,
      uptimeMs: () => elapsedMs() - startedMs,
      closing: closing.signal,
    }),
    wait: createPause(closing.signal),
    onError,
  })
  const { address } = listeners
  if (options.onExchange !== undefined) watchers.watch(harmless(options.onExchange, onError))
  const followed = createFollowedOrganizations(store, (first) =>
    createOrganizationView(
      {
        store,
        administration,
        watchers,
        faults,
        ledgers,
        requests: requestLog.list,
        address,
        now,
        reset,
      },
      first,
    ),
  )

  const journal = createJournal(store, watchers, ledgers, onError)
  const administration = createAdministration({
    store,
    secrets,
    hashing,
    sessions,
    keyUses,
    now,
    uuid: newUuid,
    remark: journal.remarked,
    onChange(changed) {
      followed.follow(changed)
      const isAgentKey = 'kind' in changed
      changes.tell(
        isAgentKey ? 'agent-keys' : 'organization',
        isAgentKey ? changed.organizationId : changed.id,
      )
    },
    onSettingsChange: () => changes.tell('system'),
  })
  const undisturbed = createCore({
    routes: EARLY_ROUTES,
    later: { routes: laterRoutes, fixedWords: FIXED_WORDS },
    store,
    authenticator: createAuthenticator({
      store,
      keyring,
      sessions,
      keyUses,
      isLikeKey: (text) => isLikeKey(text, DEFAULT_KEY_POLICY),
    }),
    sessions,
    failedAttempts: failedAttemptsOf(options),
    trustedProxies: createAddressRanges(
      checkedRanges('trustedProxies', options.trustedProxies ?? []),
    ),
    administration,
    journal,
    live: createLive({
      requestLog,
      watchers,
      changes,
      store,
      answer: (...asked) => core.answer(...asked),
      uuid: newUuid,
    }),
    limits,
    address,
    wait: createPause(closing.signal),
    now,
    onError,
    uuid: newUuid,
  })
  const core: Core = withRequestLog(
    withFaults({ core: undisturbed, faults, store, limits, closing: closing.signal }),
    requestLog,
  )
  const handle = createHandle(core)

  const teamServer: TeamServer = {
    createOrganization,
    async organizations() {
      const records = await store.organizations()
      const found = await Promise.all(records.map(({ id }) => followed.find(id)))
      return found.filter((each) => each !== undefined)
    },
    organization: (id) => followed.find(id.toLowerCase()),
    addPerson: async (seed) =>
      personCredentials(administration, await administration.people.add(undefined, seed)),
    keyPolicy: () => administration.keyPolicies.read(),
    async setKeyPolicy(given) {
      const { warnings } = await administration.keyPolicies.save(given)
      return { warnings }
    },
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
    listen: (listenOptions) => listeners.open(core, listenOptions),
    refusals: async () => refusalsIn(await store.auditEntries(undefined)),
    requests: requestLog.list,
    auditLog: () => store.auditEntries(undefined),
    lostAuditEntries: () => journal.lostEntries,
    faults,
    clock,
    reset: () => reset(),
    record: (file) => record(file, requestLog, onError),
    play(scenario, playOptions) {
      const { organizations } = teamServer
      const { restart } = listeners
      const stage = { clock, faults, organizations, restart, store, closing: closing.signal }
      const { onStep } = playOptions ?? {}
      return play(
        scenario,
        { ...stage, watchClock: movable.watch },
        onStep === undefined ? {} : { onStep: harmless(onStep, onError) },
      )
    },
    snapshot: snapshots.take,
    restore: snapshots.restore,
    store,
    async close() {
      closing.abort()
      await listeners.closeAll()
      closeStore()
    },
    [Symbol.asyncDispose]: () => teamServer.close(),
  }
  return teamServer
}

/** A clock that only goes forward; `performance` would load a room of Node that a start has no use for. */
function elapsedMs(): number {
  return process.uptime() * 1_000
}

/** Routes that cost a start nothing: those without behaviour, and in their place those that have some. */
async function laterRoutes(): Promise<readonly Route[]> {
  const [{ documentedRoutes }, { LATER_ROUTES }] = await Promise.all([
    import('../catalog/documented-routes.ts'),
    import('../routes/later.ts'),
  ])
  return [...documentedRoutes(), ...LATER_ROUTES]
}

/** Calls back into the program that watches. What it throws changes no answer. */
function harmless<Told extends readonly unknown[]>(
  listener: (...told: Told) => void,
  onFailure: (error: unknown) => void = () => {},
): (...told: Told) => void {
  return (...told) => {
    try {
      listener(...told)
    } catch (error) {
      onFailure(error)
    }
  }
}

/** What a program that asked for nothing hears of an error inside. */
function warn(error: unknown, id?: string): void {
  if (id === undefined) process.emitWarning(isError(error) ? error : String(error))
  else process.emitWarning(`error ${id} inside: ${error}`, { type: 'MockTeamServerWarning' })
}
