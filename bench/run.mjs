// Measures the mock TeamServer beside bare node:http in one run: ratios, medians of several rounds.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { load, median } from './load.mjs'

const ROUNDS = 5
const REQUESTS = 8_000
const CONNECTIONS = [1, 16]

const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url))
const peers = { 'bare node:http': './bare-server.mjs', 'mock TeamServer': './mock-child.mjs' }

console.log(`node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`)
for (const connections of CONNECTIONS) {
  /** @type {Record<string, { perSecond: number, p50Ms: number, p99Ms: number }[]>} */
  const rounds = {}
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, file] of Object.entries(peers)) {
      const child = fork(path(file))
      const [{ url, headers }] = await once(child, 'message')
      const target = {
        url,
        headers: { ...headers, 'content-type': 'application/json' },
        connections,
      }
      await load({ ...target, requests: 2_000 })
      const measured = await load({ ...target, requests: REQUESTS })
      rounds[name] = [...(rounds[name] ?? []), measured]
      child.disconnect()
      await once(child, 'exit')
    }
  }
  console.log(`\none report per request, ${connections} connection${connections > 1 ? 's' : ''}`)
  const floor = rounds['bare node:http'] ?? []
  for (const [name, measured] of Object.entries(rounds)) {
    const perSecond = median(measured.map((each) => each.perSecond))
    const p50 = median(measured.map((each) => each.p50Ms))
    const p99 = median(measured.map((each) => each.p99Ms))
    const share = perSecond / median(floor.map((each) => each.perSecond))
    const tail = p99 / median(floor.map((each) => each.p99Ms))
    console.log(
      `  ${name.padEnd(16)} ${perSecond.toFixed(0).padStart(7)}/s  p50 ${p50.toFixed(3)} ms  p99 ${p99.toFixed(3)} ms  ` +
        `throughput ${share.toFixed(2)} x, p99 ${tail.toFixed(2)} x`,
    )
  }
}
