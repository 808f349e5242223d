import { stat } from 'node:fs/promises'
import type { Clock } from '../clock.ts'
import { NO_FILE, stampOf } from '../configuration/small-file.ts'

/** Notices that files have changed, without reading them. Never keeps the process alive. */
export interface FileWatch {
  /** Looks now, and goes by the period of now. */
  look(): void
  stop(): void
}

export interface FileWatchOptions {
  /** What is looked at, each with the state in which it was read. */
  readonly files: readonly { readonly path: string; readonly stamp: string }[]
  readonly clock: Clock
  /** Asked after each look; `undefined` ends the looking until `look()`. */
  periodMs(): number | undefined
  /** Something changed, and has stayed as it is for a moment. */
  onChange(): void
  /** @default of the file system */
  readonly stampOfPath?: StampOfPath | undefined
}

/** Tells the state of a file, as `stampOf` does. Never rejects. */
export type StampOfPath = (path: string) => Promise<string>

/** A file that is being written is left to its writer. */
const SETTLE_MS = 100

/**
 * Looks at files every so often. Events of the file system would be sooner, but they miss what a
 * container changes from outside, and a link that is put in place of another.
 */
export function createFileWatch(options: FileWatchOptions): FileWatch {
  const { clock, stampOfPath = stampOfFile } = options
  let known = options.files.map(({ stamp }) => stamp).join()
  let unsettled: string | undefined
  let isLooking = false
  let isStopped = false
  let cancel = arm(options.periodMs())

  function arm(delayMs: number | undefined): () => void {
    return delayMs === undefined ? () => {} : clock.after(delayMs, () => void look())
  }

  async function look(): Promise<void> {
    if (isLooking || isStopped) return
    isLooking = true
    const stamps = await Promise.all(options.files.map(({ path }) => stampOfPath(path)))
    isLooking = false
    if (isStopped) return
    const found = stamps.join()
    const isSettled = found === unsettled
    unsettled = found === known || isSettled ? undefined : found
    if (isSettled) {
      known = found
      options.onChange()
    }
    cancel()
    cancel = arm(unsettled === undefined ? options.periodMs() : SETTLE_MS)
  }

  return {
    look() {
      cancel()
      void look()
    },
    stop() {
      isStopped = true
      cancel()
    },
  }
}

/** Follows links, so that another target is another file. What cannot be looked at is not there. */
export async function stampOfFile(path: string): Promise<string> {
  try {
    return stampOf(await stat(path, { bigint: true }))
  } catch {
    return NO_FILE
  }
}
