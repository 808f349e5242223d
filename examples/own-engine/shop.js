// The application as it is: it starts its engine itself, from the environment.
import { createServer } from 'node:http'
import { createEngine } from 'teamserver-engine'

const engine = createEngine({ application: { name: 'shop' }, flushIntervalMs: 500 })

export const shop = createServer((_request, response) => {
  engine.report({ type: 'finding', rule: 'cookie-flags-missing', severity: 'medium' })
  response.setHeader('Set-Cookie', 'session=b0a7').end('Kettles and teapots')
})
