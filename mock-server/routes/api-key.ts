import { json } from '../core/answer.ts'
import { ADMIN_ONLY, route } from './route.ts'

/** Shows the organization API key, and whether it is asked for. */
export const showApiKey = route({
  method: 'GET',
  path: '/ng/:org/organizations/apikey',
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Show the organization API key, and whether it is asked for',
    isOurs: false,
    answer: 'OrganizationApiKeyAnswer',
  },
  async answer({ organization, administration }) {
    const { replaced } = organization.apiKey
    return json(200, {
      success: true,
      messages: [],
      api_key: administration.apiKeys.reveal(organization),
      enabled: organization.isApiKeyEnabled,
      ...(replaced === undefined ? {} : { acceptedUntil: replaced.acceptedUntil.toISOString() }),
    })
  },
})
