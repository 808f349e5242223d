import type { Server, Socket } from 'node:net'
import { clearInterval, setInterval } from 'node:timers'

/** The open connections of one server. */
export interface NodeConnections {
  /** How many there are. */
  readonly count: number
  /** Ends every connection, also those that are not through their TLS handshake. */
  end(): void
}

export interface AnswerPatience {
  /** How long an answer may wait for its reader. */
  readonly answerTimeoutMs: number
  readonly timeoutCheckMs: number
}

/**
 * Follows the connections of a server and closes those whose reader does not take their answer: of
 * that, Node has no limit. Looked at by one timer for all of them, so that no request pays for it.
 */
export function followConnections(
  server: Server,
  { answerTimeoutMs, timeoutCheckMs }: AnswerPatience,
): NodeConnections {
  /** Since when bytes have waited for the reader, at every look. */
  const waitingSince = new Map<Socket, number | undefined>()
  const follow = (socket: Socket) => {
    waitingSince.set(socket, undefined)
    socket.once('close', () => waitingSince.delete(socket))
  }
  server.on('connection', follow)
  server.on('secureConnection', follow)

  const timer = setInterval(() => {
    const now = performance.now()
    for (const [socket, since] of waitingSince) {
      if (socket.writableLength === 0) waitingSince.set(socket, undefined)
      else if (since === undefined) waitingSince.set(socket, now)
      else if (now - since >= answerTimeoutMs) socket.destroy()
    }
  }, timeoutCheckMs)
  timer.unref()
  return {
    get count() {
      return waitingSince.size
    },
    end() {
      clearInterval(timer)
      for (const socket of waitingSince.keys()) socket.destroy()
    },
  }
}
