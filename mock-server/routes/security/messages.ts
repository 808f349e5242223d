/** What an administrator sends to restrict addresses. */
export interface IPRangeMessage {
  /** Looked at entry by entry where it is kept, so that every mistake is told. */
  readonly ipRange: readonly string[]
  readonly appliesToAgents?: boolean
}
