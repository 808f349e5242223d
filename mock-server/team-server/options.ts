import type { HttpLimits } from '../adapters/node-http.ts'
import { createAddressRanges, mistakesInRanges } from '../addresses/address-ranges.ts'
import type { Clock } from '../clock.ts'
import { createFailedAttempts, type FailedAttempts } from '../core/failed-attempts.ts'
import type { ExchangeEvent } from '../core/journal.ts'
import type { Limits } from '../core/limits.ts'
import { TeamServerError } from '../errors.ts'
import type { RequestLogLimits } from '../request-log/request-log.ts'
import type { Retention } from '../store/retention.ts'
import type { Store } from '../store/store.ts'

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
  /** How much is kept of the newest requests, for whoever wonders what happened. */
  readonly requestLog?: Partial<RequestLogLimits>
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
   * @param id That of the answer's `X-Error-Id`, where a request met the error.
   * @default a warning of the process
   */
  readonly onError?: (error: unknown, id?: string) => void
}

const OPTION_NAMES = new Set([
  'clock',
  'store',
  'stateFile',
  'retention',
  'limits',
  'requestLog',
  'trustedProxies',
  'scryptCost',
  'failedAttemptsPerMinute',
  'failedAttemptsExempt',
  'onExchange',
  'onError',
])

/** @throws `ERR_OPTION_INVALID`, naming every entry that is no address and no range. */
export function checkedRanges(option: string, entries: readonly string[]): readonly string[] {
  const mistake = mistakesInRanges(entries, option)
  if (mistake === undefined) return entries
  throw new TeamServerError('ERR_OPTION_INVALID', mistake)
}

/** Counts the refused credentials of each address, as far as the options ask for it. */
export function failedAttemptsOf(options: TeamServerOptions): FailedAttempts {
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

/** @throws `ERR_OPTION_INVALID` */
export function checkNames(options: TeamServerOptions): void {
  const unknown = Object.keys(options).filter((name) => !OPTION_NAMES.has(name))
  if (unknown.length === 0) return
  const known = [...OPTION_NAMES].join(', ')
  throw new TeamServerError(
    'ERR_OPTION_INVALID',
    `unknown option ${unknown.join(', ')}; createTeamServer takes ${known}`,
  )
}
