// Sends the same small report over and over, as fast as so many connections take it.
import { Agent, request } from 'undici'

/**
 * @param {object} given
 * @param {string} given.url
 * @param {Record<string, string>} given.headers
 * @param {number} given.connections
 * @param {number} given.requests
 * @returns {Promise<{ perSecond: number, p50Ms: number, p99Ms: number }>}
 */
export async function load({ url, headers, connections, requests }) {
  const dispatcher = new Agent({ connections, pipelining: 1 })
  const times = new Float64Array(requests)
  let next = 0
  const worker = async () => {
    for (let turn = next++; turn < requests; turn = next++) {
      const body = reportBody(turn)
      const startedAt = performance.now()
      const answer = await request(url, { method: 'POST', dispatcher, headers, body })
      await answer.body.dump()
      times[turn] = performance.now() - startedAt
      if (answer.statusCode !== 202) throw new Error(`answered ${answer.statusCode}`)
    }
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: connections }, worker))
  const seconds = (performance.now() - startedAt) / 1_000
  await dispatcher.close()
  times.sort()
  const at = (/** @type {number} */ share) => times[Math.floor(requests * share)] ?? 0
  return { perSecond: requests / seconds, p50Ms: at(0.5), p99Ms: at(0.99) }
}

/** A report of about 300 bytes, alone in its batch. @param {number} turn */
export function reportBody(turn) {
  const id = `bench-${process.pid}-${turn}-${Math.random().toString(36).slice(2)}`
  return JSON.stringify({
    reports: [
      {
        id,
        type: 'finding',
        rule: 'cookie-flags-missing',
        severity: 'medium',
        title: 'session cookie without HttpOnly',
        url: '/login',
        evidence: 'Set-Cookie: session=…; SameSite=Lax',
        hash: id,
        at: 1_790_000_000_000,
      },
    ],
  })
}
