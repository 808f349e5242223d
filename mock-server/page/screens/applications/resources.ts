/** How many vulnerabilities there are of each severity. */
export interface TraceBreakdown {
  readonly traces: number
  readonly criticals: number
  readonly highs: number
  readonly meds: number
  readonly lows: number
  readonly notes: number
}

/** The documented application, as far as it is shown. Times are milliseconds. */
export interface ApplicationResource {
  readonly app_id: string
  readonly name: string
  readonly language: string
  readonly path?: string
  readonly status?: string
  readonly archived: boolean
  readonly created: number
  readonly last_seen: number
  readonly tags?: readonly string[]
  readonly trace_breakdown?: TraceBreakdown
  readonly routes?: { readonly discovered: number; readonly exercised: number }
}

export interface TraceResource {
  readonly uuid: string
  readonly title: string
  readonly sub_title?: string
  readonly rule_title?: string
  readonly rule_name: string
  readonly severity: string
  readonly severity_label?: string
  readonly status: string
  readonly last_time_seen: number
  readonly total_traces_received?: number
}

export interface LibraryResource {
  readonly hash: string
  readonly file_name: string
  readonly file_version?: string
  readonly version?: string
  readonly licenses?: readonly string[]
  readonly total_vulnerabilities?: number
}

export interface RouteResource {
  readonly route_hash: string
  readonly signature: string
  readonly status: string
  readonly exercised: number | null
  readonly vulnerabilities?: number
}

export interface ServerResource {
  readonly server_id: number
  readonly name: string
  readonly path: string
  readonly type: string
  readonly environment: string
  readonly status: string
  readonly last_activity: number
}

export interface SessionResource {
  readonly agentSessionId: string
  readonly createdDate: number
  readonly metadataSessions: readonly {
    readonly metadataField: { readonly displayLabel: string }
    readonly value: string
  }[]
}
