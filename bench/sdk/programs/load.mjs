// Asks an address over so many connections as fast as it answers, and prints the latencies in milliseconds.
import { Agent, request } from 'undici'

const [url = '', connections = '', milliseconds = ''] = process.argv.slice(2)
const dispatcher = new Agent({ connections: Number(connections), pipelining: 1 })
/** @type {number[]} */
const times = []
const untilMs = performance.now() + Number(milliseconds)

async function ask() {
  while (performance.now() < untilMs) {
    const startedAt = performance.now()
    const answer = await request(url, { dispatcher })
    await answer.body.dump()
    times.push(performance.now() - startedAt)
    if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`)
  }
}

await Promise.all(Array.from({ length: Number(connections) }, ask))
await dispatcher.close()
times.sort((one, other) => one - other)
const at = (/** @type {number} */ share) => times[Math.floor(times.length * share)]
console.log(JSON.stringify({ requests: times.length, p50: at(0.5), p99: at(0.99) }))
