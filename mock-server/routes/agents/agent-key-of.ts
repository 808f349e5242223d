import { DEFAULT_AGENT_KEY } from '../../administration/agent-keys.ts'
import { refusal } from '../../core/answer.ts'
import type { Answer } from '../../core/exchange.ts'
import type { AgentTokenContent } from '../../keys/agent-token.ts'
import type { AgentKeyRecord } from '../../store/records.ts'
import type { Call } from '../route.ts'

/** The agent key that a download is for: `?key=NAME`, else the `default` one. */
export async function agentKeyOf({
  query,
  organization,
  administration,
}: Call): Promise<
  | { readonly status: 'found'; readonly agentKey: AgentKeyRecord }
  | { readonly status: 'unknown'; readonly answer: Answer }
> {
  const name = query.get('key') || DEFAULT_AGENT_KEY
  const agentKey = await administration.agentKeys.find(organization.id, name)
  if (agentKey !== undefined) return { status: 'found', agentKey }
  const where = 'the organization has no agent key of the name in ?key='
  return { status: 'unknown', answer: refusal('not-available', { where }) }
}

/** What an engine has to know to report: the API key is there when the layer is on. */
export function credentialsFor(
  {
    organization,
    administration,
    address,
  }: Pick<Call, 'organization' | 'administration' | 'address'>,
  agentKey: AgentKeyRecord,
): AgentTokenContent {
  return {
    url: address(),
    user_name: agentKey.userName,
    service_key: administration.agentKeys.reveal(agentKey),
    ...(organization.isApiKeyEnabled
      ? { api_key: administration.apiKeys.reveal(organization) }
      : {}),
  }
}
