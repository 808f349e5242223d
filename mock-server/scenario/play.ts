import { clearTimeout, setTimeout } from 'node:timers'
import { act } from '../administration/act.ts'
import type { MovableClock } from '../clock.ts'
import type { Store } from '../store/store.ts'
import { checkScenario } from './check-scenario.ts'
import { organizationOf, perform, type Stage } from './perform.ts'
import type { ScenarioStep } from './step.ts'

/** A step that was done, or could not be. */
export interface PlayedStep {
  readonly at: Date
  readonly step: ScenarioStep
  /** What stood in the way. The scenario goes on. */
  readonly error?: unknown
}

export interface PlayOptions {
  /** Told of each step. */
  readonly onStep?: (played: PlayedStep) => void
}

/** A scenario that is being played. */
export interface Playing {
  /** Resolves with all steps once the last was done, or it was stopped. */
  readonly done: Promise<readonly PlayedStep[]>
  /** Does no further step. */
  stop(): void
}

export interface PlayParts extends Stage {
  readonly store: Store
  readonly watchClock: MovableClock['watch']
  readonly closing: AbortSignal
}

/** The real time after which a clock that is read from outside is looked at again. */
const LOOK_AGAIN_MS = 250

/**
 * Does the steps of a scenario, each when the TeamServer's clock reaches its time: by itself, moved from
 * outside, or moved by hand. What a step of the scenario itself moves does not bring the others nearer.
 *
 * @throws `ERR_OPTION_INVALID`, naming every mistake; then nothing is played.
 */
export function play(given: unknown, parts: PlayParts, { onStep }: PlayOptions = {}): Playing {
  const steps = [...checkScenario(given)].sort((one, other) => one.at - other.at)
  const { clock, store, closing } = parts
  const played: PlayedStep[] = []
  let startMs = clock.now().getTime()
  let isStopped = false
  let wake = () => {}
  const stop = () => {
    isStopped = true
    wake()
  }

  async function playOne(step: ScenarioStep): Promise<void> {
    const beforeMs = clock.now().getTime()
    let error = await failureOf(perform(step, parts))
    if (step.do === 'advance clock') startMs += clock.now().getTime() - beforeMs
    const unwritten = await failureOf(remember(step, error))
    error ??= unwritten
    const done = { at: clock.now(), step, ...(error === undefined ? {} : { error }) }
    played.push(done)
    onStep?.(done)
  }

  /** Beside what the act itself leaves in the audit log. */
  async function remember(step: ScenarioStep, error: unknown): Promise<void> {
    const about = step.organization !== undefined || isAboutOne(step)
    const organization = about
      ? await organizationOf(step, parts).catch(() => undefined)
      : undefined
    const outcome = error === undefined ? '' : ', which failed'
    const sentence = `reached the step at ${step.at} s: ${step.do}${outcome}`
    await store.addAuditEntry(
      organization?.id,
      act('scenario-step', sentence, { userName: 'scenario' }, clock.now()),
    )
  }

  async function playAll(): Promise<readonly PlayedStep[]> {
    for (const step of steps) {
      for (;;) {
        const leftMs = startMs + step.at * 1_000 - clock.now().getTime()
        if (isStopped || leftMs <= 0) break
        await new Promise<void>((resolve) => {
          // Nobody is kept alive by a scenario.
          const timer = setTimeout(resolve, Math.min(leftMs, LOOK_AGAIN_MS)).unref()
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      if (isStopped) break
      await playOne(step)
    }
    stopWatching()
    closing.removeEventListener('abort', stop)
    return played
  }

  const stopWatching = parts.watchClock(() => wake())
  closing.addEventListener('abort', stop)
  if (closing.aborted) stop()
  return { done: playAll(), stop }
}

async function failureOf(work: Promise<void>): Promise<unknown> {
  try {
    await work
    return undefined
  } catch (cause) {
    return cause ?? new Error('unknown')
  }
}

function isAboutOne({ do: what }: ScenarioStep): boolean {
  return !['add fault', 'remove faults', 'advance clock', 'restart'].includes(what)
}
