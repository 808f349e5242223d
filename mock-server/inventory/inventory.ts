import type { ActivityRecord, AttackRecord, ComponentRecord } from './activity.ts'
import type { ApplicationRouteRecord } from './application-route.ts'
import type { LibraryRecord } from './library.ts'
import type { VulnerabilityRecord } from './vulnerability.ts'

/** What the reports of one organization came to, in no store's own terms. Lists are oldest first. */
export interface InventoryContents {
  readonly vulnerabilities: readonly VulnerabilityRecord[]
  /** That of the next vulnerability. */
  readonly nextSerial: number
  readonly libraries: readonly LibraryRecord[]
  readonly routes: readonly ApplicationRouteRecord[]
  readonly attacks: readonly AttackRecord[]
  readonly activities: readonly ActivityRecord[]
  readonly components: readonly ComponentRecord[]
}

export const EMPTY_INVENTORY: InventoryContents = {
  vulnerabilities: [],
  nextSerial: 1,
  libraries: [],
  routes: [],
  attacks: [],
  activities: [],
  components: [],
}
