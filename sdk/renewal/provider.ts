import { isError } from '../caught-error.ts'
import type { Clock } from '../clock.ts'
import {
  type CredentialsProvider,
  readProvidedCredentials,
} from '../configuration/provided-credentials.ts'
import type { Source } from '../configuration/source.ts'

/** Asks the function `credentials` of a program. Nothing that it does comes through. */
export interface Provider {
  /** Asks, if that is due; else as soon as it is, unless nobody wants it any more by then. */
  ask(): void
  /** Asks for the first time. Resolves when that came to something, or time is up; `undefined` afterwards. */
  first(): Promise<void> | undefined
  stop(): void
}

export interface ProviderOptions {
  readonly provide: CredentialsProvider
  readonly clock: Clock
  /** Longest that somebody waits for an answer. A later one counts still. */
  readonly timeoutMs: number
  /** Whether another answer is wanted, asked each time that one could be. */
  isWanted(): boolean
  onAnswer(answer: Source): void
  /** `why` holds nothing of what was answered or thrown. */
  onFailure(why: string): void
}

/** Whoever runs a vault does not want to be asked more often. */
export const ASK_PERIOD_MS = 30_000

export function createProvider(options: ProviderOptions): Provider {
  const { clock } = options
  let firstAsk: Promise<void> | undefined
  let isFirstOver = false
  let askedAtMs = Number.NEGATIVE_INFINITY
  let asks = 0
  let answeredAsk = 0
  let isStopped = false
  let cancel = () => {}

  function askWhenDue(): void {
    cancel()
    if (isStopped || !options.isWanted()) return
    const waitMs = askedAtMs + ASK_PERIOD_MS - clock.now()
    if (waitMs <= 0) void ask()
    else cancel = clock.after(waitMs, askWhenDue)
  }

  /** Resolves when there is an answer, or the time for one is over. */
  function ask(): Promise<void> {
    askedAtMs = clock.now()
    asks += 1
    const number = asks
    cancel()
    cancel = clock.after(ASK_PERIOD_MS, askWhenDue)
    return new Promise((resolve) => {
      let isLate = false
      const cancelTimeout = clock.after(options.timeoutMs, () => {
        isLate = true
        settle(() => fail(number, `gave no answer within ${options.timeoutMs} ms`))
      })
      function settle(come: () => void): void {
        cancelTimeout()
        come()
        resolve()
      }
      callProvide().then(
        (answer) => settle(() => take(number, answer)),
        (error: unknown) =>
          settle(() => {
            // That it gave no answer in time has been said.
            if (!isLate) fail(number, `failed (${nameOf(error)})`)
          }),
      )
    })
  }

  async function callProvide(): Promise<unknown> {
    return await options.provide()
  }

  function take(number: number, answer: unknown): void {
    // One that took so long that a later one was quicker says nothing any more.
    if (isStopped || number < answeredAsk) return
    const reading = readProvidedCredentials(answer)
    if (reading.status === 'refused') {
      fail(number, `gave an answer that ${reading.why}`)
      return
    }
    answeredAsk = number
    options.onAnswer(reading.value)
  }

  function fail(number: number, why: string): void {
    if (!isStopped && number >= answeredAsk) options.onFailure(why)
  }

  return {
    ask: askWhenDue,
    first() {
      if (isFirstOver || isStopped) return undefined
      firstAsk ??= ask().then(() => {
        isFirstOver = true
      })
      return firstAsk
    },
    stop() {
      isStopped = true
      cancel()
    },
  }
}

/** Its name and code, and no message: that of a vault may quote anything. */
function nameOf(error: unknown): string {
  try {
    if (!isError(error)) return 'no error was given'
    const code = 'code' in error ? error.code : undefined
    const words = [error.name, code].filter(
      (word) => typeof word === 'string' && /^\w{1,64}$/.test(word),
    )
    return words.join(' ') || 'an error without a name'
  } catch {
    return 'an error that cannot be shown'
  }
}
