import { CHANNELS, type EventName } from './channels.ts'
import { deliver } from './deliver.ts'
import type { EngineEvents, EngineIdentity, EngineMessage, EventCounters } from './messages.ts'
import { seal } from './seal.ts'

/** The events of one engine. */
export interface Events {
  /**
   * A channel, if anybody listens there: `events.to('heartbeat')?.({ … })`. Where nobody does, what is
   * in the brackets is not even put together.
   *
   * @returns Publishes a message; never throws.
   */
  to<Name extends EventName>(name: Name): ((fields: EventFields<Name>) => void) | undefined
}

/** What a message has beside that which every message has. What is `undefined` stays away from it. */
export type EventFields<Name extends EventName> = Absentable<
  Omit<EngineEvents[`teamserver-engine:${Name}`], keyof EngineMessage>
>

type Absentable<Fields> = {
  readonly [Name in keyof Fields]: Partial<Pick<Fields, Name>> extends Pick<Fields, Name>
    ? Fields[Name] | undefined
    : Fields[Name]
}

export interface EventsOptions {
  identity(): EngineIdentity
  counters(): EventCounters
  /** Takes keys out of a text that others had a hand in. */
  withoutKeys(text: string): string
  /** A subscriber threw, or rejected. */
  onFault(channel: string, error: unknown): void
}

export function createEvents(options: EventsOptions): Events {
  return {
    to(name) {
      const channel = CHANNELS[name]
      if (!channel.hasSubscribers) return undefined
      const onFault = (error: unknown) => options.onFault(String(channel.name), error)
      return (fields) => {
        try {
          const message = { engine: options.identity(), counters: options.counters(), ...fields }
          deliver({ channel, message: seal(message, options.withoutKeys), onFault })
        } catch (error) {
          // A slip of ours is no concern of the work that it tells of.
          onFault(error)
        }
      }
    },
  }
}
