import { refusal } from './answer.ts'
import type { Answer } from './exchange.ts'
import type { FailedAttempts } from './failed-attempts.ts'
import type { ExchangeContext } from './journal.ts'

/** Slows down an address that was refused too often. Right credentials are never slowed down. */
export interface RateLimit {
  /** What a login is answered before its password is looked at; undefined when it may be tried. */
  beforeLogin(context: ExchangeContext): Answer | undefined
  /** Counts a refused attempt; past the limit the caller hears that instead of the refusal. */
  afterwards(answer: Answer, context: ExchangeContext): Answer
}

export function createRateLimit(failedAttempts: FailedAttempts): RateLimit {
  return {
    beforeLogin({ remoteAddress, at }) {
      const waitSeconds = failedAttempts.waitSecondsOf(remoteAddress, at)
      return waitSeconds === undefined ? undefined : limited(waitSeconds, 'login-not-tried')
    },
    afterwards(answer, { remoteAddress, at }) {
      if (answer.status !== 401) return answer
      const waitSeconds = failedAttempts.waitSecondsOf(remoteAddress, at)
      if (waitSeconds !== undefined)
        return limited(waitSeconds, answer.refusal?.detail ?? 'unknown')
      failedAttempts.count(remoteAddress, at)
      return answer
    },
  }
}

/**
 * Says how long to wait.
 *
 * @param detail What would have been the true reason.
 */
export function limited(waitSeconds: number, detail: string): Answer {
  return refusal('rate-limited', { detail, headers: { 'retry-after': String(waitSeconds) } })
}
