/** What an agent token carries. The member names are the documented ones. */
export interface AgentTokenContent {
  readonly url: string
  readonly user_name: string
  readonly service_key: string
  /** There when the organization's second layer is on. */
  readonly api_key?: string
}

/**
 * Encodes an agent token: base64 of a JSON object.
 *
 * @see docs.contrastsecurity.com, Node.js environment variables: `CONTRAST__API__TOKEN`.
 */
export function encodeAgentToken(content: AgentTokenContent): string {
  return Buffer.from(JSON.stringify(content), 'utf8').toString('base64')
}
