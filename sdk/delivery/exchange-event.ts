import type { Events } from '../events/events.ts'
import type { Delivery } from '../transport/classify.ts'

export interface ExchangeSurroundings {
  /** From 1. */
  readonly attempt: number
  /** Until the next request may leave; negative when that is at once. */
  readonly waitMs: number
}

/** Tells of a request and its answer, and what comes of it. */
export function tellExchange(
  events: Events,
  { exchange, ...delivery }: Delivery<unknown>,
  { attempt, waitMs }: ExchangeSurroundings,
): void {
  if (exchange === undefined) return
  events.to('exchange')?.({
    ...exchange,
    attempt,
    outcome: delivery.status,
    cause: delivery.status === 'hold' ? delivery.cause : undefined,
    why: delivery.status === 'accepted' ? undefined : delivery.why,
    retryInMs: waitMs > 0 ? waitMs : undefined,
  })
}
