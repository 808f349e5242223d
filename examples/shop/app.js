// A small shop. Start it with its engine: node --import teamserver-engine/register app.js
import express from 'express'
import { engine } from 'teamserver-engine/register'
import { watchCookies } from './watch-cookies.js'

const products = [
  { id: 1, name: 'kettle', price: 39 },
  { id: 2, name: 'teapot', price: 24 },
]

const app = express()
app.use(watchCookies(engine))
app.use(express.json())

app.get('/', (_request, response) => {
  response.send('Kettles and teapots')
})

app.get('/products/:id', (request, response) => {
  const product = products.find(({ id }) => id === Number(request.params.id))
  if (product === undefined) response.status(404).json({ message: 'no such product' })
  else response.json(product)
})

// The weakness: scripts in the page can read this cookie.
app.post('/login', (_request, response) => {
  response.cookie('session', 'b0a7', { sameSite: 'lax' }).json({ welcome: true })
})

const orders = express.Router()
orders.post('/', (request, response) => {
  response.status(201).json({ order: 1, items: request.body.items })
})
orders.get('/:order', (request, response) => {
  response.json({ order: Number(request.params.order), state: 'packed' })
})
app.use('/orders', orders)

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`shop listens on http://127.0.0.1:${server.address().port}`)
})

process.once('SIGTERM', async () => {
  server.close()
  server.closeIdleConnections()
  await engine.close()
  // Whoever started this program may want to know what became of the reports.
  if (process.connected) process.send(engine.status(), () => process.disconnect())
})
