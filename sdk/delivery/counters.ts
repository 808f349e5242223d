/** What became of the reports, since the engine started. given = accepted + refused + dropped + waiting. */
export interface Counters {
  readonly given: number
  /** Taken by TeamServer. */
  readonly accepted: number
  /** Never to be taken as it is: by TeamServer's word, or because it is no report. */
  readonly refused: number
  /** Given up by the engine. */
  readonly dropped: number
}

export type MutableCounters = { -readonly [name in keyof Counters]: number }

export function createCounters(): MutableCounters {
  return { given: 0, accepted: 0, refused: 0, dropped: 0 }
}
