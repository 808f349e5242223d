/** Words or numbers, read as text; null means absent. */
export type Words = readonly unknown[] | null

export interface ServerFilterMessage {
  readonly agentVersions?: Words
  readonly applicationsIds?: Words
  readonly logLevels?: Words
  readonly q?: string | null
  readonly quickFilter?: string | null
  readonly serverEnvironments?: Words
  readonly tags?: Words
}

export interface ServerNameMessage {
  readonly name: string
}

/** One of the two lists is there. */
export interface ServerTagsMessage {
  readonly servers_id?: Words
  readonly applications_id?: Words
  readonly tags: readonly string[]
  readonly tags_remove?: Words
}

export interface ServersMessage {
  readonly servers_id: Words
}

export interface OneTagMessage {
  readonly tag: string
}

export interface LibraryFilterMessage {
  readonly apps?: Words
  readonly environments?: Words
  readonly environment?: Words
  readonly grades?: Words
  readonly includeUnused?: boolean | null
  readonly includeUsed?: boolean | null
  readonly languages?: Words
  readonly licenses?: Words
  readonly q?: string | null
  readonly quickFilter?: string | null
  readonly servers?: Words
  readonly severities?: Words
  readonly status?: Words
  readonly tags?: Words
}

/** In one of the two documented ways. */
export interface LibraryTagsMessage {
  readonly libraryHashes?: Words
  readonly tagsToUpdate?: readonly string[]
  readonly library_hashes?: Words
  readonly tags?: readonly string[]
  readonly tags_remove?: Words
}

export interface MetadataLabel {
  readonly label: string
  readonly value?: string | null
  readonly values?: Words
}

export interface RouteSessionMessage {
  readonly sessionID?: string | null
  readonly metadata?: readonly MetadataLabel[] | null
}

export interface RouteCoverageFilterMessage {
  readonly agentSessionId?: string | null
  readonly applicationIds?: Words
  readonly discoveredEndDate?: number | string | null
  readonly discoveredStartDate?: number | string | null
  readonly endDate?: number | string | null
  readonly excludedHashes?: Words
  readonly filterText?: string | null
  readonly quickFilter?: string | null
  readonly routeTypes?: Words
  readonly sort?: string | null
  readonly startDate?: number | string | null
}

export interface RouteHashesMessage {
  readonly routeHashes?: Words
  readonly route_hashes?: Words
}

export interface SessionFilterMessage {
  readonly metadata?: readonly MetadataLabel[] | null
}

export interface SbavMessage {
  readonly appId?: string | null
  readonly appName?: string | null
  readonly appLanguage?: string | null
  readonly sessionId?: string | null
  readonly metadata?: readonly MetadataLabel[] | null
}

export interface WebhookMessage {
  readonly all_applications?: boolean | null
  readonly applications?: Words
  readonly name: string
  readonly payload?: string | null
  readonly product?: string | null
  readonly type?: string | null
  readonly url: string
  readonly use_html?: boolean | null
}

export interface SecurityControlMessage {
  readonly all_applications?: boolean | null
  readonly all_rules?: boolean | null
  readonly api: string
  readonly applications?: Words
  readonly language: string
  readonly name: string
  readonly pattern?: string | null
  readonly rules?: Words
}
