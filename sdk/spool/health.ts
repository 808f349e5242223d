import { codeOf } from '../caught-error.ts'
import type { Clock } from '../clock.ts'
import { UnsafeError } from './guarded-files.ts'
import type { Spool, SpoolEvents } from './spool.ts'

/** Whether the disk can be used, and when it is tried again. */
export interface Health {
  readonly state: Spool['state']
  /** Whether a write is worth trying now. */
  isToBeTried(): boolean
  noteFailure(error: unknown): void
  noteSuccess(): void
  close(): void
}

/** The wait after a failure, which doubles with each more in a row. */
const RETRY_BASE_MS = 1_000
const RETRY_CEILING_MS = 30_000

/** @param failures In a row; from 1. */
export function retryDelayMs(failures: number): number {
  return Math.min(RETRY_CEILING_MS, RETRY_BASE_MS * 2 ** (failures - 1))
}

export function createHealth(
  directory: string,
  clock: Clock,
  { onState, onWarning }: Pick<SpoolEvents, 'onState' | 'onWarning'>,
): Health {
  let state: Spool['state'] = 'ready'
  let failures = 0
  let retryAtMs = 0

  return {
    get state() {
      return state
    },
    isToBeTried: () => state === 'ready' || (state === 'failing' && clock.now() >= retryAtMs),
    noteFailure(error) {
      if (state !== 'ready' && state !== 'failing') return
      if (error instanceof UnsafeError) {
        state = 'refused'
        onWarning(
          'refused',
          `the spool directory is not used, and reports are kept in memory alone: ${error.message}`,
        )
        onState(state, error.message)
        return
      }
      failures += 1
      retryAtMs = clock.now() + retryDelayMs(failures)
      if (state === 'failing') return
      state = 'failing'
      onWarning(
        'failing',
        `the spool directory ${directory} cannot be used (${codeOf(error) ?? 'unknown error'}): reports are kept in memory, and it is tried again`,
      )
      onState(state, codeOf(error))
    },
    noteSuccess() {
      failures = 0
      if (state !== 'failing') return
      state = 'ready'
      onWarning('recovered', `the spool directory ${directory} can be used again`)
      onState(state, undefined)
    },
    close() {
      state = 'closed'
    },
  }
}
