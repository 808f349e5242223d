import type { Settings } from '../wire/messages.ts'
import type { Configuration, Origins } from './configuration.ts'
import type { Origin } from './source.ts'

/** The bounds of what TeamServer may set: `Settings` in sdk/wire/schemas.json. */
const SHORTEST_MS = 1_000
const LONGEST_MS = 86_400_000

const FROM_SERVER: Origin = Object.freeze({ source: 'server', where: 'TeamServer' })

/**
 * Takes over what TeamServer sets, where nobody on this side said anything. What is out of bounds
 * is passed by, since a bad answer must not stop an engine.
 */
export function withServerSettings(
  configuration: Configuration,
  settings: Settings,
): Configuration {
  let changed = configuration
  for (const name of ['heartbeatPeriodMs', 'activityPeriodMs'] as const) {
    const value = settings[name]
    if (!isPeriod(value) || !isServersToSet(changed.origins, name)) continue
    const origins = Object.freeze({ ...changed.origins, [name]: FROM_SERVER })
    changed = Object.freeze({ ...changed, [name]: value, origins })
  }
  return changed
}

function isServersToSet(origins: Origins, name: keyof Origins): boolean {
  return origins[name].source === 'default' || origins[name].source === 'server'
}

function isPeriod(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= SHORTEST_MS && Number(value) <= LONGEST_MS
}
