import type { ActivityRecord, AttackRecord, ComponentRecord } from '../inventory/activity.ts'
import type { ApplicationRouteRecord } from '../inventory/application-route.ts'
import type { LibraryRecord } from '../inventory/library.ts'
import type { Triage, VulnerabilityRecord } from '../inventory/vulnerability.ts'
import type {
  VulnerabilityField,
  VulnerabilityFilter,
  VulnerabilityOrder,
} from '../inventory/vulnerability-filter.ts'
import type { StoredReport } from './records.ts'

/** Which vulnerabilities are asked for, in which order, and which part of them. */
export interface VulnerabilitySearch {
  readonly filter?: VulnerabilityFilter
  /** @default 'arrival' */
  readonly order?: VulnerabilityOrder
  /** Of equals the one that arrived first still comes first. @default false */
  readonly isDescending?: boolean
  /** How many to leave out at the start. @default 0 */
  readonly offset?: number
  /** How many at most. @default all */
  readonly limit?: number
}

export interface VulnerabilityPage {
  /** How many were found, on all pages. */
  readonly total: number
  readonly vulnerabilities: readonly VulnerabilityRecord[]
}

/** So many vulnerabilities have these values, one for each field that was asked for. */
export interface VulnerabilityTally {
  readonly values: readonly string[]
  readonly count: number
}

/**
 * What the reports of each organization came to: a part of the store. `addReports` feeds it as well as
 * keeping the reports; it outlives them, and is forgotten with them.
 */
export interface InventoryStore {
  /** Feeds the inventory with reports that are not kept themselves: a seed. */
  feedInventory(organizationId: string, reports: readonly StoredReport[]): Promise<void>

  searchVulnerabilities(
    organizationId: string,
    search?: VulnerabilitySearch,
  ): Promise<VulnerabilityPage>
  vulnerability(organizationId: string, uuid: string): Promise<VulnerabilityRecord | undefined>
  /** Counts by the values of some fields; a vulnerability with several values of one counts for each. */
  tallyVulnerabilities(
    organizationId: string,
    filter: VulnerabilityFilter,
    by: readonly VulnerabilityField[],
  ): Promise<readonly VulnerabilityTally[]>
  /** Undefined when there is no such vulnerability. */
  changeTriage(
    organizationId: string,
    uuid: string,
    change: (before: Triage) => Triage,
  ): Promise<VulnerabilityRecord | undefined>
  /** Forgets them; one that is seen again is new. Answers how many there were. */
  removeVulnerabilities(organizationId: string, uuids: readonly string[]): Promise<number>

  /** In the order in which they came; later ones come behind. */
  libraries(organizationId: string): Promise<readonly LibraryRecord[]>
  /** @param hash The record's own. Undefined when there is no such library. */
  changeLibrary(
    organizationId: string,
    hash: string,
    change: (before: LibraryRecord) => LibraryRecord,
  ): Promise<LibraryRecord | undefined>

  /**
   * In the order in which they came; later ones come behind.
   *
   * @param application Its name; all of the organization without it.
   */
  routes(organizationId: string, application?: string): Promise<readonly ApplicationRouteRecord[]>
  changeRoute(
    organizationId: string,
    hash: string,
    change: (before: ApplicationRouteRecord) => ApplicationRouteRecord,
  ): Promise<ApplicationRouteRecord | undefined>
  removeRoutes(organizationId: string, hashes: readonly string[]): Promise<number>

  attacks(organizationId: string): Promise<readonly AttackRecord[]>
  changeAttack(
    organizationId: string,
    id: string,
    change: (before: AttackRecord) => AttackRecord,
  ): Promise<AttackRecord | undefined>
  activities(organizationId: string): Promise<readonly ActivityRecord[]>
  components(organizationId: string): Promise<readonly ComponentRecord[]>

  /** Forgets all that was made of the reports of one application. */
  clearApplication(organizationId: string, application: string): Promise<void>
}
