/** Any of these words; null and an empty list narrow nothing. */
type Words = readonly (string | number)[] | null

export interface AttestationMessage {
  readonly vulnerabilityStatuses?: Words
  readonly vulnerabilitySeverities?: Words
  readonly vulnerabilityTypes?: Words
  readonly vulnerabilityTags?: Words
  readonly serverEnvironments?: Words
  readonly serverTags?: Words
  readonly complianceReports?: Words
  readonly showVulnerabilitiesDetails?: boolean | null
  readonly showRouteObservations?: boolean | null
}

export interface SarifMessage {
  readonly toolTypes: Words
  readonly severities?: Words
  readonly quickFilter?: string | null
  readonly metadataFilters?:
    | readonly {
        readonly fieldID: string
        readonly values: readonly string[]
      }[]
    | null
}
