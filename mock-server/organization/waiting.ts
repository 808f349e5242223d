import type { Report } from '../../sdk/wire/messages.ts'
import { TeamServerError } from '../errors.ts'
import { firstDifference } from '../matching/difference.ts'
import type { SessionRecord } from '../store/records.ts'
import { type RefusedRequest, refusalInWords, refusalsIn } from '../store/refused-request.ts'
import type { Store } from '../store/store.ts'
import type { ExchangeWatchers } from '../waiting/exchange-watchers.ts'
import { describeShortfall, shortfallOf } from '../waiting/shortfall.ts'
import { type WaitOptions, waitUntil } from '../waiting/wait-until.ts'

/**
 * A part of what is waited for. Texts may be given as regular expressions, values as asymmetric
 * matchers such as `expect.any(String)`; lists are compared whole.
 */
export type Wanted<Thing> = { readonly [Field in keyof Thing]?: unknown } & {
  readonly [field: string]: unknown
}

/** Waiting for what an engine does, without sleeping. */
export interface OrganizationWaiting {
  /**
   * The first stored report that is as wanted: at once if it is there already, else when it arrives.
   *
   * @param wanted @default any report
   * @throws `ERR_WAIT_TIMEOUT`, with the nearest report and its first difference, what did arrive and
   *   what was refused; `ERR_OPTION_INVALID`.
   */
  waitForReport(wanted?: Wanted<Report>, options?: WaitOptions): Promise<Report>
  /** The first refused request that is as wanted. @throws as `waitForReport()` */
  waitForRefusal(wanted?: Wanted<RefusedRequest>, options?: WaitOptions): Promise<RefusedRequest>
  /** The first session that is as wanted. @throws as `waitForReport()` */
  waitForSession(wanted?: Wanted<SessionRecord>, options?: WaitOptions): Promise<SessionRecord>
}

export const DEFAULT_TIMEOUT_MS = 1_000
const LONGEST_TIMEOUT_MS = 2_147_483_647

/** There may be many organizations, and few are waited for: everything is made by whoever waits. */
export function createOrganizationWaiting(
  store: Store,
  watchers: ExchangeWatchers,
  organizationId: string,
): OrganizationWaiting {
  const place = { store, watchers, organizationId }
  return {
    waitForReport: (wanted = {}, options = {}) => waitFor(place, reportsOf(place), wanted, options),
    waitForRefusal: (wanted = {}, options = {}) =>
      waitFor(place, refusalsOf(place), wanted, options),
    waitForSession: (wanted = {}, options = {}) =>
      waitFor(place, sessionsOf(place), wanted, options),
  }
}

/** Where something is waited for. */
interface Place {
  readonly store: Store
  readonly watchers: ExchangeWatchers
  readonly organizationId: string
}

async function waitFor<Thing>(
  place: Place,
  { what, list, nameOf }: Kind<Thing>,
  wanted: object,
  { timeoutMs = DEFAULT_TIMEOUT_MS }: WaitOptions,
): Promise<Thing> {
  checkTimeout(timeoutMs)
  const isAsWanted = (thing: Thing) => firstDifference(wanted, thing) === undefined
  const found = await waitUntil(async () => (await list()).find(isAsWanted), place.watchers, {
    concerns: (event) => event.organizationId === place.organizationId,
    timeoutMs,
  })
  if (found !== undefined) return found
  const arrived = await list()
  const refusals = await refusalsOf(place).list()
  const shortfall = shortfallOf({ what, wanted, timeoutMs, arrived, refusals }, (thing) => thing)
  throw new TeamServerError('ERR_WAIT_TIMEOUT', describeShortfall(shortfall, nameOf))
}

function reportsOf({ store, organizationId }: Place): Kind<Report> {
  return {
    what: 'report',
    list: async () => (await store.reports(organizationId)).map(({ report }) => report),
    nameOf: (report) => JSON.stringify(report).slice(0, LONGEST_SHOWN),
  }
}

function refusalsOf({ store, organizationId }: Place): Kind<RefusedRequest> {
  return {
    what: 'refusal',
    list: async () => refusalsIn(await store.auditEntries(organizationId)),
    nameOf: refusalInWords,
  }
}

function sessionsOf({ store, organizationId }: Place): Kind<SessionRecord> {
  return {
    what: 'session',
    list: () => store.sessions(organizationId),
    nameOf: ({ id, application, metadata }) => JSON.stringify({ id, application, metadata }),
  }
}

/** What can be waited for. */
interface Kind<Thing> {
  readonly what: string
  /** Oldest first. */
  list(): Promise<readonly Thing[]>
  /** In one line for people. */
  nameOf(thing: Thing): string
}

const LONGEST_SHOWN = 300

/** @throws `ERR_OPTION_INVALID` */
export function checkTimeout(timeoutMs: unknown): void {
  const isInside =
    typeof timeoutMs === 'number' && timeoutMs >= 0 && timeoutMs <= LONGEST_TIMEOUT_MS
  if (isInside) return
  throw new TeamServerError(
    'ERR_OPTION_INVALID',
    `timeoutMs must be a number of milliseconds from 0 to ${LONGEST_TIMEOUT_MS}`,
  )
}
