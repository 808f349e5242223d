import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { DEFAULT_HTTP_LIMITS, listenHttp } from '../../../mock-server/adapters/node-http.ts'
import { content } from '../../../mock-server/core/answer.ts'
import type { Core } from '../../../mock-server/core/exchange.ts'
import { rawRequest } from './raw-connection.ts'

/** More than the buffers of both systems take between them. */
const SIZE = 64 * 1_048_576
const REQUEST = rawRequest('GET /', ['Host: a'])

/** A door whose every answer is large, and the server's end of the connections to it. */
async function listening(answerTimeoutMs: number) {
  const answer = content(200, 'text/plain; charset=utf-8', Buffer.alloc(SIZE, 'x'))
  const core: Core = {
    answer: async () => answer,
    turnAway: async () => answer,
    noteFault: () => {},
  }
  const ends: Socket[] = []
  const listen = (message: unknown) => void ends.push((message as { socket: Socket }).socket)
  subscribe('net.server.socket', listen)
  onTestFinished(() => void unsubscribe('net.server.socket', listen))
  const limits = { ...DEFAULT_HTTP_LIMITS, answerTimeoutMs, timeoutCheckMs: 10 }
  const listener = await listenHttp(core, {}, limits)
  onTestFinished(() => listener.close())
  const { port } = new URL(listener.origin)
  const open = async () => {
    const client = connect({ host: '127.0.0.1', port: Number(port) })
    client.on('error', () => {})
    await once(client, 'connect')
    return client
  }
  return { open, ends }
}

test('whoever reads an answer byte by byte is closed, and 64 KiB of it wait at most (S-204)', async () => {
  const { open, ends } = await listening(100)
  const client = await open()
  client.pause()
  client.write(REQUEST)
  const isOpen = () => !client.closed && !client.errored
  let most = 0
  while (isOpen() && ends[0]?.destroyed !== true) {
    client.read(1)
    most = Math.max(most, ends[0]?.writableLength ?? 0)
    await turn()
  }
  expect(ends[0]?.destroyed).toBe(true)
  expect(most).toBeGreaterThan(0)
  // The head goes with the first part.
  expect(most).toBeLessThanOrEqual(65_536 + 1_024)
})

test('whoever asks and asks and reads nothing is closed as well (S-204)', async () => {
  const { open, ends } = await listening(100)
  const client = await open()
  client.pause()
  client.write(REQUEST.repeat(20))
  await expect.poll(() => ends[0]?.destroyed, { timeout: 10_000 }).toBe(true)
})

test('whoever reads gets all of it, and the connection is kept', async () => {
  const { open } = await listening(10_000)
  const client = await open()
  client.write(REQUEST)
  let received = 0
  let asked = 1
  for await (const chunk of client as AsyncIterable<Buffer>) {
    received += chunk.length
    if (received > SIZE && asked++ === 1) client.write(REQUEST)
    if (received > 2 * SIZE) client.end()
  }
  expect(received).toBeGreaterThan(2 * SIZE)
})
