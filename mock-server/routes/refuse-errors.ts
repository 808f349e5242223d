import { refusal } from '../core/answer.ts'
import type { Answer } from '../core/exchange.ts'
import { TeamServerError, type TeamServerErrorCode } from '../errors.ts'

/** What each broken contract of the administration is to the one who called. */
const REASONS: Partial<Record<TeamServerErrorCode, 'body-malformed' | 'not-available'>> = {
  ERR_KEY_INVALID: 'body-malformed',
  ERR_OPTION_INVALID: 'body-malformed',
  ERR_NAME_TAKEN: 'body-malformed',
  ERR_NOT_FOUND: 'not-available',
}

/**
 * Answers with what the work answers, or refuses what the administration would not do: 400 saying
 * every field or rule that was missed, 404 for what is not there. Other errors stay errors.
 */
export async function answering(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    const reason = error instanceof TeamServerError ? REASONS[error.code] : undefined
    if (!(error instanceof TeamServerError) || reason === undefined) throw error
    return refusal(reason, { where: error.message })
  }
}
