import type { Settings } from '../../../sdk/wire/messages.ts'

/**
 * What this TeamServer sets for every engine. The periods are the documented ones: activity every
 * 30 seconds, a heartbeat every 5 minutes.
 */
export const ENGINE_SETTINGS: Settings = {
  activityPeriodMs: 30_000,
  heartbeatPeriodMs: 300_000,
}
