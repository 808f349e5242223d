import { DEFAULT_AGENT_KEY } from '../../administration/agent-keys.ts'
import { json, refusal } from '../../core/answer.ts'
import { ADMIN_ONLY, route } from '../route.ts'

/** Plays a thief with the generated credentials of an engine against the organization of the caller. */
export const playForgedAttempts = route({
  method: 'POST',
  path: '/ng/:org/live/forged-attempts',
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Try to get forged reports into the organization, and show what became of each',
    isOurs: true,
    answer: 'ForgedAttemptsAnswer',
  },
  async answer({ live, organization, administration, caller: { record }, remoteAddress, note }) {
    const { agentKeys, apiKeys, people } = administration
    const all = await agentKeys.list(organization.id)
    const agentKey = all.find(({ name }) => name === DEFAULT_AGENT_KEY) ?? all[0]
    if (agentKey === undefined || record.kind !== 'person') {
      return refusal('not-available', { where: 'there is no agent key to steal' })
    }
    await note('administration', 'forged-attempts-played', 'played forged attempts')
    const attempts = await live.forge(organization, {
      agent: { userName: agentKey.userName, serviceKey: agentKeys.reveal(agentKey) },
      apiKey: apiKeys.reveal(organization),
      person: { userName: record.userName, serviceKey: people.reveal(record) },
      remoteAddress,
    })
    return json(200, {
      success: true,
      messages: [],
      apiKeyEnabled: organization.isApiKeyEnabled,
      attempts,
    })
  },
})
