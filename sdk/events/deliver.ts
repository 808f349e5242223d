import type { Channel } from 'node:diagnostics_channel'
import { setImmediate } from 'node:timers'
import { types } from 'node:util'

interface Delivery {
  readonly channel: Channel
  readonly message: object
  onFault(error: unknown): void
}

/** More is not kept of what subscribers set off themselves: one that answers each event by two would fill memory. */
const LATER_LIMIT = 1_000

let isDelivering = false
let later: Delivery[] = []

/**
 * Hands a message to every subscriber, and keeps what one of them throws, or rejects with, from the rest,
 * from the engine and from the host: `publish()` of Node makes an uncaught exception of it, which ends
 * the process.
 *
 * What a subscriber sets off is delivered in a later turn of the event loop, which it does not keep
 * alive: an answer to an event that is itself an event must not become a circle without end.
 */
export function deliver(delivery: Delivery): void {
  if (isDelivering) {
    postpone(delivery)
    return
  }
  isDelivering = true
  try {
    handOver(delivery)
  } finally {
    isDelivering = false
  }
}

function handOver({ channel, message, onFault }: Delivery): void {
  const subscribers = subscribersOf(channel)
  if (subscribers === undefined) {
    channel.publish(message)
    return
  }
  for (const subscriber of subscribers) {
    try {
      const outcome: unknown = subscriber(message, channel.name)
      if (types.isPromise(outcome)) outcome.catch(onFault)
    } catch (error) {
      onFault(error)
    }
  }
}

type Subscriber = (message: unknown, name: string | symbol) => unknown

/**
 * Node offers no other way to them, so this reads what its `publish()` reads. Every Node up to 26 has it;
 * one that has not is left to its own `publish()`.
 */
function subscribersOf(channel: Channel): readonly Subscriber[] | undefined {
  const { _subscribers: subscribers } = channel as Channel & { readonly _subscribers?: unknown }
  // Whoever subscribes or takes himself away meanwhile makes Node begin another list.
  return Array.isArray(subscribers) ? subscribers : undefined
}

function postpone(delivery: Delivery): void {
  if (later.length >= LATER_LIMIT) return
  later.push(delivery)
  if (later.length === 1) setImmediate(deliverLater).unref()
}

function deliverLater(): void {
  const deliveries = later
  later = []
  for (const delivery of deliveries) deliver(delivery)
}
