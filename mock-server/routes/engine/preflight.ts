import type { PreflightAnswer } from '../../../sdk/wire/messages.ts'
import { ENGINE_METHODS } from '../../../sdk/wire/paths.ts'
import { json } from '../../core/answer.ts'
import { PreflightRequest } from '../../messages/validators.generated.js'
import { routeWithBody } from '../route.ts'

/** Answers which findings are wanted: those whose hash no stored finding carries. */
export const preflight = (path: string) =>
  routeWithBody({
    method: ENGINE_METHODS.preflight,
    path,
    access: 'agents',
    description: {
      summary: 'Ask which findings are wanted, by their hashes',
      isOurs: true,
      request: 'PreflightRequest',
      answer: 'PreflightAnswer',
      answerStatus: 200,
    },
    validator: PreflightRequest,
    async answer({ message, organization, store }) {
      const known = await store.knownHashes(organization.id, message.hashes)
      const wanted = [...new Set(message.hashes)].filter((hash) => !known.has(hash))
      const answer: PreflightAnswer = { success: true, messages: [], wanted }
      return json(200, answer)
    },
  })
