import { API_KEY_ACCEPTED_UNTIL, SERVICE_KEY_ACCEPTED_UNTIL } from '../../sdk/wire/headers.ts'
import type { Caller } from '../authentication/authenticate.ts'
import type { Answer } from './exchange.ts'

/** Tells a caller that used a replaced key until when it will be accepted. */
export function withOverlap(answer: Answer, caller: Caller): Answer {
  const { serviceKeyAcceptedUntil, apiKeyAcceptedUntil } = caller
  if (serviceKeyAcceptedUntil === undefined && apiKeyAcceptedUntil === undefined) return answer
  const headers: Record<string, string> = { ...answer.headers }
  if (serviceKeyAcceptedUntil !== undefined) {
    headers[SERVICE_KEY_ACCEPTED_UNTIL] = serviceKeyAcceptedUntil.toISOString()
  }
  if (apiKeyAcceptedUntil !== undefined) {
    headers[API_KEY_ACCEPTED_UNTIL] = apiKeyAcceptedUntil.toISOString()
  }
  return { ...answer, headers }
}
