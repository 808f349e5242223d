import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { clearTimeout, setTimeout } from 'node:timers'
import type { Disturbance } from '../core/disturbance.ts'
import type { Answer } from '../core/exchange.ts'

/** Writes an answer, or what is to come in its place, onto the connection. */
export function writeDisturbed(
  response: ServerResponse,
  answer: Answer,
  disturbance: Disturbance,
): void {
  const { socket } = response.req
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
  const half = body.subarray(0, Math.floor(body.length / 2))
  const writeHead = () =>
    response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length })
  /** Once the bytes are handed to the system, so that they go before what follows. */
  const writeHalf = (then: () => void) => {
    writeHead()
    response.flushHeaders()
    response.write(half, then)
  }

  const resetSoon = () => afterwards(socket, RESET_AFTER_BYTES_MS, () => socket.resetAndDestroy())

  switch (disturbance.kind) {
    case 'hang':
      return
    case 'reset':
      if (disturbance.at === 'start') socket.resetAndDestroy()
      else if (disturbance.at === 'body') writeHalf(resetSoon)
      else writeHead().end(body, resetSoon)
      return
    case 'half':
      writeHalf(() => socket.end())
      return
    case 'garbage':
      socket.end(disturbance.bytes)
      return
    case 'pause':
      writeHalf(() => {
        afterwards(socket, disturbance.ms, () => response.end(body.subarray(half.length)))
      })
      return
    case 'slow':
      writeHead().flushHeaders()
      writeSlowly(response, body, disturbance)
  }
}

/**
 * Bytes and an RST that arrive together are seen by a Node client as bytes and a proper end: it is
 * given the time to read.
 */
const RESET_AFTER_BYTES_MS = 20

function writeSlowly(
  response: ServerResponse,
  body: Uint8Array,
  pace: Extract<Disturbance, { kind: 'slow' }>,
): void {
  if (body.length <= pace.bytes) {
    response.end(body)
    return
  }
  response.write(body.subarray(0, pace.bytes))
  afterwards(response.req.socket, pace.everyMs, () => {
    writeSlowly(response, body.subarray(pace.bytes), pace)
  })
}

/** Unless the connection ends before. */
function afterwards(socket: Socket, ms: number, act: () => void): void {
  const cancel = () => clearTimeout(timer)
  const timer = setTimeout(() => {
    socket.off('close', cancel)
    act()
  }, ms)
  socket.once('close', cancel)
}
