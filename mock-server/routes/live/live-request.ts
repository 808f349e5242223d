import { json, refusal } from '../../core/answer.ts'
import { ADMIN_ONLY, route } from '../route.ts'

/** Shows one request with headers, bodies and its answer; no secret of it. */
export const showLiveRequest = route({
  method: 'GET',
  path: '/ng/:org/live/requests/:id',
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Show a request of the organization with its answer, while it is kept',
    isOurs: true,
    answer: 'LiveRequestAnswer',
  },
  async answer({ live, organization, parameters: { id = '' } }) {
    const found = /^\d{1,15}$/.test(id) ? live.request(organization.id, Number(id)) : undefined
    if (found === undefined) return refusal('not-available', { where: 'no such request is kept' })
    return json(200, { success: true, messages: [], request: found })
  },
})
