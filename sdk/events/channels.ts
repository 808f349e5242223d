import { type Channel, channel } from 'node:diagnostics_channel'
import type { EngineEvents } from './messages.ts'

/** What follows `teamserver-engine:` in the name of a channel. */
export type EventName = keyof EngineEvents extends `teamserver-engine:${infer Name}` ? Name : never

/**
 * One set for all engines of the process, other copies of this module included: Node finds a channel by
 * its name. Held here, since a channel that nobody holds may be another one a moment later.
 */
export const CHANNELS: { readonly [Name in EventName]: Channel } = {
  state: channel('teamserver-engine:state'),
  exchange: channel('teamserver-engine:exchange'),
  heartbeat: channel('teamserver-engine:heartbeat'),
  'reports:accepted': channel('teamserver-engine:reports:accepted'),
  'reports:refused': channel('teamserver-engine:reports:refused'),
  'reports:dropped': channel('teamserver-engine:reports:dropped'),
  'spool:state': channel('teamserver-engine:spool:state'),
  'spool:written': channel('teamserver-engine:spool:written'),
  'spool:adopted': channel('teamserver-engine:spool:adopted'),
  'spool:quarantined': channel('teamserver-engine:spool:quarantined'),
  'credentials:renewed': channel('teamserver-engine:credentials:renewed'),
  'credentials:refused': channel('teamserver-engine:credentials:refused'),
  'credentials:rotated': channel('teamserver-engine:credentials:rotated'),
}
