import type { Clock } from '../clock.ts'
import type { Configuration } from '../configuration/configuration.ts'
import { withKeysOf } from '../configuration/credentials-renewal.ts'
import { type CredentialsUpdate, withCredentials } from '../configuration/credentials-update.ts'
import type { CredentialsProvider } from '../configuration/provided-credentials.ts'
import { type Reading, read, refused } from '../configuration/reading.ts'
import type { ResolvedConfiguration } from '../configuration/resolve.ts'
import { NO_FILE } from '../configuration/small-file.ts'
import type { Source } from '../configuration/source.ts'
import { isComplete } from '../credentials/credentials.ts'
import type { Logger } from '../logger.ts'
import type { HoldCause } from '../transport/classify.ts'
import { createFileWatch, type StampOfPath } from './file-watch.ts'
import { createProvider } from './provider.ts'

/** Where the engine gets new keys from while it runs. What is wrong there costs one line. */
export interface Renewal {
  /** What the first request waits for: that the function `credentials` was asked, if there is one. */
  ready(): Promise<void> | undefined
  /** The engine holds: looks for other keys now, and more often until the hold is over. */
  hold(): void
  /** What the program says by `updateCredentials()` stands above what is found from now on. */
  keep(update: CredentialsUpdate): void
  stop(): void
}

/** Where keys are looked for. */
export interface RenewalSources {
  readonly files: ResolvedConfiguration['files']
  readonly again: ResolvedConfiguration['again']
  readonly provide?: CredentialsProvider | undefined
  readonly stampOfPath?: StampOfPath | undefined
}

export interface RenewalOptions extends RenewalSources {
  /** What counts now. */
  current(): Configuration
  /** Absent outside a hold. */
  holdCause(): HoldCause | undefined
  /** Other keys count from now on. */
  onRenewed(configuration: Configuration): void
  readonly clock: Clock
  readonly logger: Logger
}

/** How often files are looked at: in peace, if there are any, and while keys are refused. */
export const PEACE_PERIOD_MS = 10_000
export const HOLD_PERIOD_MS = 500

export function createRenewal(options: RenewalOptions): Renewal {
  const { clock, logger, current } = options
  const said = new Set(current().notices.map(({ text }) => text))
  let hasFiles = options.files.some(({ stamp }) => stamp !== NO_FILE)
  let provided: Source = new Map()
  let updates: CredentialsUpdate = {}
  let lastProblem: string | undefined

  const watch = createFileWatch({
    files: options.files,
    stampOfPath: options.stampOfPath,
    clock,
    periodMs() {
      if (isRefused()) return HOLD_PERIOD_MS
      return hasFiles ? PEACE_PERIOD_MS : undefined
    },
    onChange() {
      hasFiles = true
      renew()
    },
  })
  const provider =
    options.provide &&
    createProvider({
      provide: options.provide,
      clock,
      timeoutMs: current().requestTimeoutMs,
      isWanted: isRefused,
      onAnswer(answer) {
        provided = answer
        renew()
      },
      onFailure: (why) => sayProblem(`the function credentials ${why}`),
    })

  function isRefused(): boolean {
    const cause = options.holdCause()
    return cause !== undefined && OF_KEYS.has(cause)
  }

  function renew(): void {
    const found = find()
    if (found.status === 'refused') {
      sayProblem(found.why)
      return
    }
    lastProblem = undefined
    for (const { level, text } of found.value.notices) {
      if (!said.has(text)) logger[level](text)
      said.add(text)
    }
    const renewed = withKeysOf(current(), found.value)
    if (renewed === undefined) return
    const { serviceKey, organizationApiKey } = renewed.origins
    logger.info(
      `other keys count from now on: serviceKey from ${serviceKey.where}, ` +
        `organizationApiKey from ${organizationApiKey.where}`,
    )
    options.onRenewed(renewed)
  }

  /** What the engine would go by if it started now. */
  function find(): Reading<Configuration> {
    const resolution = options.again(provided)
    if (resolution.status === 'unusable') return refused(resolution.problem.message)
    if (resolution.status === 'disabled') return refused(`${resolution.why}, ${FROM_NEXT_START}`)
    const found = withCredentials(resolution.configuration, updates)
    // New keys for another address must not leave for this one.
    if (found.url !== current().url) {
      return refused(`url is another one (${found.origins.url.where}), ${FROM_NEXT_START}`)
    }
    return read({ ...found, notices: [...resolution.configuration.notices, ...found.notices] })
  }

  function sayProblem(why: string): void {
    const rest = isComplete(current().credentials)
      ? 'The keys in use stay'
      : 'There are no keys yet'
    if (why !== lastProblem) logger.warn(`${why}. ${rest}`)
    lastProblem = why
  }

  return {
    ready: () => provider?.first(),
    hold() {
      if (!isRefused()) return
      watch.look()
      provider?.ask()
    },
    keep(update) {
      updates = { ...updates, ...update }
    },
    stop() {
      watch.stop()
      provider?.stop()
    },
  }
}

const FROM_NEXT_START = 'which counts from the next start on'

/** What other keys may mend. */
const OF_KEYS: ReadonlySet<HoldCause> = new Set([
  'no-credentials',
  'credentials',
  'api-key',
  'unauthorized',
  'organization',
  'role',
])
