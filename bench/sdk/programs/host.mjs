// A small express application: a route with a variable that answers JSON.
import { once } from 'node:events'
import express from 'express'

const app = express()
app.get('/orders/:id', (request, response) => {
  response.json({ id: request.params.id, items: ['tea', 'cups'], total: 12.5 })
})
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
const address = server.address()
if (address === null || typeof address === 'string') throw new Error('no port')
process.send?.(`http://127.0.0.1:${address.port}/orders/17`)
// What it has cost so far, for whoever asks.
process.on('message', () => process.send?.(process.cpuUsage()))
process.once('disconnect', () => process.exit(0))
