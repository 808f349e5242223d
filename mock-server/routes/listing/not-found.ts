import { refusal } from '../../core/answer.ts'
import type { Answer } from '../../core/exchange.ts'

/** 404 for an id that names nothing in the organization. */
export function notFound(what: string): Answer {
  return refusal('not-available', { where: `there is no ${what} of this id` })
}
