import type { KeptKeyUse } from '../keys/key-uses.ts'
import type { CallerRecord, OrganizationRecord, SystemSettings } from '../store/records.ts'
import { DEFAULT_SYSTEM_SETTINGS } from '../store/system-settings.ts'

/** What outlives a restart. Reports, sessions and the audit log do not. */
export interface KeptState {
  readonly organizations: readonly OrganizationRecord[]
  /** Agent keys, deleted ones too, and people, in the order in which they were added. */
  readonly callers: readonly CallerRecord[]
  readonly systemSettings: SystemSettings
  /** The latest moment that was seen: an overlap that has ended stays ended. */
  readonly latestMoment: Date
  /** When keys were last used, as far as it was known when something else was kept. */
  readonly keyUses: readonly KeptKeyUse[]
}

/** What a TeamServer begins with. */
export const EMPTY_STATE: KeptState = {
  organizations: [],
  callers: [],
  systemSettings: DEFAULT_SYSTEM_SETTINGS,
  latestMoment: new Date(0),
  keyUses: [],
}
