/** What a client sends to say which vulnerabilities it means: as the query would, one field each. */
export type VulnerabilityFilterMessage = Readonly<Record<string, unknown>>

export interface VulnerabilityMarkMessage {
  readonly traces: readonly string[]
  readonly status: string
  readonly substatus?: string | null
  readonly note?: string | null
  readonly comment_preference?: boolean | null
}

export interface VulnerabilityBaseMessage {
  readonly traces: readonly string[]
}

export interface TraceSeverityUpdateMessage {
  readonly severity: string
  readonly override: boolean
}

export interface TraceNoteMessage {
  readonly note: string
}
