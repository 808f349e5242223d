// The application of host.mjs in which `routes` is switched on and off in turn: what the plugin costs a
// request, without the difference that there is between two processes. Prints for each turn what a request
// took of the processor, in microseconds.
import { once } from 'node:events'
import express from 'express'
import { routes } from 'teamserver-engine'

const TURN_MS = 150

let requests = 0
const app = express()
app.get('/orders/:id', (request, response) => {
  requests++
  response.json({ id: request.params.id, items: ['tea', 'cups'], total: 12.5 })
})
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
const address = server.address()
if (address === null || typeof address === 'string') throw new Error('no port')

const context = {
  application: { name: 'bench', root: '.' },
  activityPeriodMs: 30_000,
  report: () => undefined,
  every: () => () => undefined,
  logger: { error() {}, warn() {}, info() {}, debug() {}, trace() {} },
}
/** @type {{ isOn: boolean, processorUs: number }[]} */
const turns = []
let run = routes().start(context)
let isOn = true
let usage = process.cpuUsage()
const turning = setInterval(() => {
  const { user, system } = process.cpuUsage(usage)
  if (requests >= 100) turns.push({ isOn, processorUs: (user + system) / requests })
  isOn = !isOn
  if (isOn) run = routes().start(context)
  else run?.stop?.()
  requests = 0
  usage = process.cpuUsage()
}, TURN_MS)

process.send?.(`http://127.0.0.1:${address.port}/orders/17`)
process.on('message', () => process.send?.(turns))
process.once('disconnect', () => {
  clearInterval(turning)
  process.exit(0)
})
