import { json } from '../../core/answer.ts'
import { ALL_ROLES, route } from '../route.ts'

/** Answers with the URL that agents should report to, as a JSON text. */
export const agentsHome = route({
  method: 'GET',
  path: '/ng/:org/agents/home',
  access: { people: ALL_ROLES },
  description: { summary: 'The URL that agents should report to', isOurs: false },
  answer: async ({ address }) => json(200, address()),
})
