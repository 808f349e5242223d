import { json } from '../core/answer.ts'
import type { Answer } from '../core/exchange.ts'

/** Answers with a document in the documented envelope. */
export function done(
  document: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): Answer {
  return json(status, { success: true, messages: [], ...document }, headers)
}
