import { appendFileSync, writeFileSync } from 'node:fs'
import { codeOf } from '../caught-error.ts'
import { TeamServerError } from '../errors.ts'
import type { RequestLog } from '../request-log/request-log.ts'
import { RECORDING_HEAD, recordedFrom, recordedLine } from './recording.ts'

/** A recording under way. */
export interface Recording {
  /** Requests that are in it. */
  readonly requests: number
  /** What cannot be in it: calls of engines whose body is not there whole, past 64 KiB. */
  readonly skipped: number
  stop(): void
}

/**
 * Writes each call of an engine into a file as it is answered.
 *
 * @throws `ERR_RECORDING` when the file cannot be made; later failures go to `onError`, once.
 */
export function record(
  file: string,
  log: Pick<RequestLog, 'watch'>,
  onError: (error: unknown) => void,
): Recording {
  try {
    writeFileSync(file, RECORDING_HEAD, { mode: 0o600 })
  } catch (cause) {
    const code = codeOf(cause) ?? 'unknown error'
    throw new TeamServerError('ERR_RECORDING', `${file}: it cannot be written (${code})`, { cause })
  }
  let startMs: number | undefined
  let [requests, skipped] = [0, 0]
  const stop = log.watch(({ request }) => {
    if (request.body === undefined) return
    startMs ??= request.receivedAt.getTime()
    const recorded = recordedFrom(request, startMs)
    if (recorded === undefined) {
      skipped++
      return
    }
    try {
      appendFileSync(file, recordedLine(recorded))
      requests++
    } catch (error) {
      stop()
      onError(error)
    }
  })
  return {
    get requests() {
      return requests
    },
    get skipped() {
      return skipped
    },
    stop,
  }
}
