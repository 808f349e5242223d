import { connect, createServer } from 'node:net'
import { createMessageReader } from './message-reader.mjs'

/** How long an answer is waited for whose asker is gone: the server may still store. */
const LINGER_MS = 5_000

/**
 * Stands between the application and the server, resets and slows connections, and tells of every answer
 * of the server, also of those that it does not let through.
 *
 * @param {object} given
 * @param {number} given.port Of the server.
 * @param {import('./random.mjs').Random} given.random
 * @param {(request: any, answer: any) => void} given.onReports
 */
export async function startFaultyProxy({ port, random, onReports }) {
  /** @type {Set<import('node:net').Socket>} */
  const clients = new Set()
  let slowedUntilMs = 0
  let resetShare = 0

  const listener = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    clients.add(client)
    const readRequest = createMessageReader((message) => {
      asked.push(message)
    })
    /** @type {any[]} */
    const asked = []
    const readAnswer = createMessageReader((answer) => {
      const request = asked.shift()
      if (/^POST \S+\/engine\/v1\/reports /.test(request?.startLine)) onReports(request, answer)
    })
    client.on('data', (bytes) => {
      readRequest(bytes)
      if (isToBeReset()) return reset()
      later(() => upstream.write(bytes))
    })
    upstream.on('data', (bytes) => {
      readAnswer(bytes)
      if (isToBeReset()) return reset()
      later(() => client.write(bytes))
    })
    for (const socket of [client, upstream]) socket.on('error', () => {})
    client.on('close', () => {
      clients.delete(client)
      setTimeout(() => upstream.destroy(), LINGER_MS).unref()
    })
    upstream.on('close', reset)

    function reset() {
      client.resetAndDestroy()
    }
  })
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('no port')

  function isToBeReset() {
    return random.next() < resetShare
  }

  /** @param {() => void} pass */
  function later(pass) {
    if (performance.now() > slowedUntilMs) pass()
    else setTimeout(pass, random.between(20, 300))
  }

  return {
    port: address.port,
    resetAll() {
      for (const client of clients) client.resetAndDestroy()
    },
    /** @param {number} forMs */
    slow(forMs) {
      slowedUntilMs = performance.now() + forMs
    },
    /** @param {number} share Of the pieces of data that come by: each costs its connection. */
    setResetShare(share) {
      resetShare = share
    },
    close() {
      for (const client of clients) client.destroy()
      listener.close()
    },
  }
}
