import { validate } from '../messages/validate.ts'
import type { Validator } from '../messages/validators.generated.js'
import { refusal } from './answer.ts'
import type { Answer, ReadBody, RequestHead } from './exchange.ts'
import type { Limits } from './limits.ts'
import { readJson } from './read-json.ts'

/** A request whose body nobody has read yet. */
export interface UnreadRequest {
  readonly head: RequestHead
  readonly readBody: ReadBody
}

/** What a route is asked, whose message is put in its place once it is read. */
export type Unread<Asked> = Omit<Asked, 'message'> & { message: unknown }

/**
 * Reads the body if the route wants one, and lets the route answer only to one in the documented
 * shape. In this order: type, encoding, size, body.
 *
 * @param call What the route is asked, made for this request alone.
 */
export async function answerWith<Asked extends { message: unknown }>(
  call: Asked,
  route: {
    readonly validator?: Validator<unknown>
    readonly isBodyOptional?: boolean
    readonly takesForms?: boolean
    // The validator belongs to the route: what it let through is what the route reads.
    readonly answer: (call: Asked & { readonly message: never }) => Promise<Answer>
  },
  { head, readBody }: UnreadRequest,
  limits: Limits,
): Promise<Answer> {
  const answer = () => route.answer(call as Asked & { readonly message: never })
  if (route.validator === undefined) return answer()
  const body = await readJson(head, readBody, limits, route)
  if (body.status === 'refused') return refusal(body.reason, { where: body.where })
  const validated = validate(route.validator, body.value)
  if (validated.status === 'invalid') return refusal('body-malformed', { where: validated.where })
  call.message = validated.message
  return answer()
}
