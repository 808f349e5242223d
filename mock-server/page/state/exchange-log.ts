import type { LiveExchange } from './live-connection.ts'
import { createValue, type Value } from './value.ts'

/** A request with its place in this browser: 1, 2, 3 … */
export interface ShownExchange extends LiveExchange {
  readonly order: number
}

export interface ExchangeFilter {
  readonly outcome: 'all' | 'taken' | 'refused'
  readonly from: 'engines' | 'all'
  /** Part of the path, the name, the reason or the address. */
  readonly text: string
}

/** How many came in one second. */
export interface SecondCount {
  /** Since 1970. */
  readonly second: number
  taken: number
  refused: number
}

export interface ExchangeCounts {
  readonly taken: number
  readonly refused: number
  readonly refusedByLayerOne: number
  readonly refusedByLayerTwo: number
}

/** The newest requests, bounded, and how many there were. However many come, followers are told once a frame. */
export interface ExchangeLog {
  add(exchange: LiveExchange): void
  /** Another number each time that something came. */
  readonly version: Value<number>
  /** Those that pass the filter, oldest first; not to be kept. */
  matching(): readonly ShownExchange[]
  filter: ExchangeFilter
  counts(): ExchangeCounts
  /** The last so many seconds, oldest first. */
  seconds(length: number): readonly SecondCount[]
  /** The order of the newest; 0 before the first. */
  newest(): number
  /** Forgets all of them, and what was counted. */
  clear(): void
}

/** Kept at most; a few more until the oldest are cut off together. */
export const LONGEST_LOG = 10_000
const SLACK = 1_000

/** Of seconds, for the plot. */
const LONGEST_SECONDS = 600

/**
 * @param schedule Calls back with the next frame.
 * @param now The time of this browser, in milliseconds since 1970.
 */
export function createExchangeLog(
  schedule: (flush: () => void) => void,
  now: () => number,
): ExchangeLog {
  const version = createValue(0)
  const seconds = new Map<number, SecondCount>()
  const counts = { taken: 0, refused: 0, refusedByLayerOne: 0, refusedByLayerTwo: 0 }
  let filter: ExchangeFilter = { outcome: 'all', from: 'engines', text: '' }
  let all: ShownExchange[] = []
  let matching: ShownExchange[] = []
  let waiting: LiveExchange[] = []
  let lastOrder = 0
  let isScheduled = false
  // The server's clock may be ahead, by a test that moved it.
  let aheadMs = 0

  function count(exchange: LiveExchange): void {
    const atMs = Date.parse(exchange.at)
    aheadMs = Math.max(aheadMs, atMs - now())
    const second = Math.floor(atMs / 1_000)
    const ofSecond = seconds.get(second) ?? { second, taken: 0, refused: 0 }
    seconds.set(second, ofSecond)
    if (seconds.size > LONGEST_SECONDS) seconds.delete(Math.min(...seconds.keys()))
    if (!isRefused(exchange)) {
      counts.taken++
      ofSecond.taken++
      return
    }
    counts.refused++
    ofSecond.refused++
    const layer = layerThatRefused(exchange)
    if (layer === 1) counts.refusedByLayerOne++
    if (layer === 2) counts.refusedByLayerTwo++
  }

  function flush(): void {
    isScheduled = false
    for (const exchange of waiting) {
      const shown = { ...exchange, order: ++lastOrder }
      all.push(shown)
      // The counters are of what engines do: a person who looks is none.
      if (exchange.isOfEngine) count(exchange)
      if (isMatching(shown, filter)) matching.push(shown)
    }
    waiting = []
    if (all.length > LONGEST_LOG + SLACK) all = all.slice(-LONGEST_LOG)
    if (matching.length > LONGEST_LOG + SLACK) matching = matching.slice(-LONGEST_LOG)
    version.set(version.get() + 1)
  }

  return {
    version,
    add(exchange) {
      waiting.push(exchange)
      // In a window that nobody sees there are no frames.
      if (waiting.length > LONGEST_LOG + SLACK) waiting = waiting.slice(-LONGEST_LOG)
      if (isScheduled) return
      isScheduled = true
      schedule(flush)
    },
    matching: () => matching,
    get filter() {
      return filter
    },
    set filter(next) {
      filter = next
      matching = all.filter((each) => isMatching(each, next))
      version.set(version.get() + 1)
    },
    counts: () => counts,
    seconds(length) {
      const last = Math.floor((now() + aheadMs) / 1_000)
      return Array.from({ length }, (_, index) => {
        const second = last - length + 1 + index
        return seconds.get(second) ?? { second, taken: 0, refused: 0 }
      })
    },
    newest: () => lastOrder,
    clear() {
      all = []
      matching = []
      waiting = []
      seconds.clear()
      Object.assign(counts, { taken: 0, refused: 0, refusedByLayerOne: 0, refusedByLayerTwo: 0 })
      version.set(version.get() + 1)
    },
  }
}

export function isRefused({ refusal, status }: LiveExchange): boolean {
  return refusal !== undefined || status >= 400
}

/** 1 or 2 where one of the two layers turned it away. */
export function layerThatRefused({ refusal }: LiveExchange): 1 | 2 | undefined {
  if (refusal === undefined) return undefined
  if (refusal.reason === 'api-key-wrong') return 2
  return /^(credentials-|session-|rate-limited|login-)/.test(refusal.reason) ? 1 : undefined
}

function isMatching(exchange: ShownExchange, { outcome, from, text }: ExchangeFilter): boolean {
  if (from === 'engines' && !exchange.isOfEngine) return false
  if (outcome !== 'all' && (outcome === 'refused') !== isRefused(exchange)) return false
  if (text === '') return true
  const { method, path, status, userName, remoteAddress, refusal, fault } = exchange
  return [
    method,
    path,
    String(status),
    userName,
    remoteAddress,
    refusal?.reason,
    refusal?.detail,
    fault,
  ]
    .join('\n')
    .toLowerCase()
    .includes(text.toLowerCase())
}
