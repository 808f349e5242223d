import type { RuleEnvironment } from '../../inventory/rule-setting.ts'

export interface RuleStatusMessage {
  readonly enabled?: boolean
  readonly environment?: RuleEnvironment
}

export interface RuleConfigurationMessage {
  readonly developmentEnabled?: boolean
  readonly qaEnabled?: boolean
  readonly productionEnabled?: boolean
}

export interface RuleOfApplicationMessage {
  readonly rule_name: string
  readonly enabled: boolean
  readonly environment: RuleEnvironment
}

export interface RulesOfApplicationMessage {
  readonly rule_names: readonly string[]
  readonly dev_enabled?: boolean
  readonly qa_enabled?: boolean
  readonly prod_enabled?: boolean
}

export interface SecurityCheckMessage {
  readonly application_id?: string
  readonly application_name?: string
  readonly agent_language?: string
  readonly job_start_time?: number
  readonly origin?: string
  readonly security_check_filter?: {
    readonly query_by?: string
    readonly app_version_tags?: readonly string[]
    readonly start_date?: number | null
  }
}

export interface JobOutcomePolicyMessage {
  readonly name: string
  readonly outcome: 'FAIL' | 'UNSTABLE' | 'SUCCESS'
  readonly app_criterion: string
  readonly enabled?: boolean
  readonly all_applications?: boolean
  readonly app_ids?: readonly string[]
  readonly application_tags?: readonly string[]
  readonly importances?: readonly string[]
  readonly all_rules?: boolean
  readonly all_rules_threshold?: number
  readonly rules?: Readonly<Record<string, number>>
  readonly severities?: Readonly<Record<string, number>>
  readonly rule_severities?: readonly string[]
  readonly status_filter?: readonly string[]
  readonly is_job_start_time?: boolean
  readonly opt_into_query?: boolean
}
