// Asks an address over so many connections as fast as it answers, and prints the latencies in milliseconds:
// `load.mjs <url> <connections> <milliseconds> [of them to get warm]`.
import { Agent, request } from 'undici'

const [url = '', connections = '', milliseconds = '', warmUp = '0'] = process.argv.slice(2)
const dispatcher = new Agent({ connections: Number(connections), pipelining: 1 })
/** @type {number[]} */
const times = []
const fromMs = performance.now() + Number(warmUp)
const untilMs = performance.now() + Number(milliseconds)
let requests = 0

async function ask() {
  while (performance.now() < untilMs) {
    const startedAt = performance.now()
    const answer = await request(url, { dispatcher })
    await answer.body.dump()
    requests++
    if (startedAt >= fromMs) times.push(performance.now() - startedAt)
    if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`)
  }
}

await Promise.all(Array.from({ length: Number(connections) }, ask))
await dispatcher.close()
times.sort((one, other) => one - other)
const at = (/** @type {number} */ share) => times[Math.floor(times.length * share)]
console.log(JSON.stringify({ requests, p50: at(0.5), p99: at(0.99) }))
