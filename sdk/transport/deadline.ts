import type { Clock } from '../clock.ts'
import { type Send, TransportError } from './transport.ts'

/**
 * Gives an exchange one deadline for all of it: name, connection, request, every byte of the answer.
 * A transport that does not heed its signal is left behind, and what it does later is nobody's concern.
 *
 * The promise rejects with a `TransportError` `ERR_TIMEOUT`, or with the reason of the given signal.
 */
export function withDeadline(send: Send, limitMs: number, clock: Clock): Send {
  return (request, signal) =>
    new Promise((resolve, reject) => {
      const controller = new AbortController()
      const giveUp = (reason: unknown) => {
        controller.abort(reason)
        settle(() => reject(reason))
      }
      const onAbort = () => giveUp(signal.reason)
      const cancelTimer = clock.after(limitMs, () =>
        giveUp(new TransportError('ERR_TIMEOUT', `no whole answer within ${limitMs} ms`)),
      )
      function settle(finish: () => void): void {
        cancelTimer()
        signal.removeEventListener('abort', onAbort)
        finish()
      }
      if (signal.aborted) {
        onAbort()
        return
      }
      signal.addEventListener('abort', onAbort)
      send(request, controller.signal).then(
        (answer) => settle(() => resolve(answer)),
        (error: unknown) => settle(() => reject(error)),
      )
    })
}
