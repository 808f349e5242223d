import { content, refusal } from '../../core/answer.ts'
import { EDIT_AND_UP, type Method, route } from '../route.ts'
import { agentKeyOf, credentialsFor } from './agent-key-of.ts'
import { CONFIGURED_PLATFORMS } from './platforms.ts'

/**
 * Answers with the agent's YAML file. Always with all four keys, since public clients insist on
 * them; every value is quoted, so that no key is read as a number.
 */
export const agentConfiguration = (method: Method & ('GET' | 'POST')) =>
  route({
    method,
    path: '/ng/:org/agents/external/default/:platform',
    access: { people: EDIT_AND_UP },
    description: {
      summary: "Download an agent's YAML file",
      isOurs: false,
      answerType: 'text/yaml',
      query: { key: 'The name of the agent key; `default` without it' },
    },
    async answer(call) {
      const { parameters, organization, administration, note } = call
      if (!CONFIGURED_PLATFORMS.includes(parameters.platform?.toUpperCase() ?? '')) {
        return refusal('not-available', {
          where: `a platform is ${CONFIGURED_PLATFORMS.join(', ')}`,
        })
      }
      const found = await agentKeyOf(call)
      if (found.status === 'unknown') return found.answer
      const { url, user_name, service_key } = credentialsFor(call, found.agentKey)
      const api = {
        url,
        api_key: administration.apiKeys.reveal(organization),
        service_key,
        user_name,
      }
      // Loaded when it is needed: it would be a third of the time of every start.
      const { stringify } = await import('yaml')
      const yaml = stringify(
        { api },
        { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0 },
      )
      const sentence = `downloaded the configuration of the agent key ${found.agentKey.name}`
      await note('administration', 'agent-configuration-downloaded', sentence)
      return content(200, 'text/yaml; charset=utf-8', yaml)
    },
  })
