/** Generated credentials, as the API shows them. Times are milliseconds. */
export interface AgentKey {
  readonly name: string
  readonly user_name: string
  readonly service_key: string
  readonly token: string
  readonly created: number
  readonly compliant: boolean
  readonly accepted_until?: number
  readonly last_used?: number
  readonly replaced_last_used?: number
}
