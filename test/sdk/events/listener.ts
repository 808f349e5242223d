import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach } from 'vitest'
import type { EngineEvents } from '../../../sdk/index.ts'

export const CHANNEL_NAMES = [
  'teamserver-engine:state',
  'teamserver-engine:exchange',
  'teamserver-engine:heartbeat',
  'teamserver-engine:reports:accepted',
  'teamserver-engine:reports:refused',
  'teamserver-engine:reports:dropped',
  'teamserver-engine:spool:state',
  'teamserver-engine:spool:written',
  'teamserver-engine:spool:adopted',
  'teamserver-engine:spool:quarantined',
  'teamserver-engine:credentials:renewed',
  'teamserver-engine:credentials:refused',
  'teamserver-engine:credentials:rotated',
] as const satisfies readonly (keyof EngineEvents)[]

export type ChannelName = (typeof CHANNEL_NAMES)[number]

export interface Listener {
  /** In their order, as `[name, message]`. */
  readonly heard: readonly (readonly [ChannelName, EngineEvents[ChannelName]])[]
  /** Those of one channel. */
  on<Name extends ChannelName>(name: Name): EngineEvents[Name][]
}

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** Hears what is published until the test ends. */
export function listen(names: readonly ChannelName[] = CHANNEL_NAMES): Listener {
  const heard: [ChannelName, EngineEvents[ChannelName]][] = []
  for (const name of names) {
    hearOn(name, (message) => void heard.push([name, message]))
  }
  return {
    heard,
    on: <Name extends ChannelName>(name: Name) =>
      heard
        .filter(([heardName]) => heardName === name)
        .map(([, message]) => message as EngineEvents[Name]),
  }
}

/** Subscribes until the test ends. */
export function hearOn<Name extends ChannelName>(
  name: Name,
  hear: (message: EngineEvents[Name]) => unknown,
): void {
  const subscriber = (message: unknown) => hear(message as EngineEvents[Name])
  subscribe(name, subscriber)
  ends.push(() => unsubscribe(name, subscriber))
}
