import diagnosticsChannel from 'node:diagnostics_channel'
import type { RequestListener } from 'node:http'
import express, { type ErrorRequestHandler, type Request, type Response } from 'express'
import { expect, onTestFinished, test } from 'vitest'
import type { GivenReport } from '../../../../sdk/plugins/plugin.ts'
import { createRoutesRun, routes } from '../../../../sdk/plugins/routes/routes.ts'
import { createRecordingContext } from '../recording-context.ts'
import { serve } from './serve.ts'

function startRoutes(options: { limitPatterns?: number } = {}) {
  const clock = { nowMs: 1_000 }
  const recording = createRecordingContext()
  const run = createRoutesRun(recording.context, { ...options, now: () => clock.nowMs })
  onTestFinished(() => run.stop?.())
  return {
    ...recording,
    run,
    clock,
    /** Hands over and empties: `GET /orders/:id 200 x2 express`, in order. */
    observed(): string[] {
      run.flush?.()
      return recording.reports.splice(0).flatMap(lineOf).sort()
    },
  }
}

function lineOf(report: GivenReport): string[] {
  if (report.type !== 'route' || report.state !== 'observed') return []
  const { method, pattern, status, count, framework } = report
  return [`${method} ${pattern} ${status} x${count} ${framework}`]
}

function createShop() {
  const answer = (_request: Request, response: Response) => void response.send('fine')
  const orders = express.Router()
  orders.get('/', answer)
  orders.get('/broken', () => {
    throw new Error('broken')
  })
  orders.get(/^\/size-(\d+)$/, answer)
  orders.get('/:id', answer)
  orders.get('/:id/lines/:line', (_request, response) => void response.status(404).send('none'))
  orders.get(['/list/all', '/list/of/:year'], answer)
  orders.get('/left/over', (_request, _response, next) => next())
  const users = express.Router({ mergeParams: true })
  users.use('/orders', orders)
  const app = express()
  app.set('env', 'test')
  app.use('/api/orders', orders)
  app.use('/users/:user', users)
  app.get('/files/*rest', answer)
  app.get('/static', answer)
  app.use('/health', answer)
  app.use(((_error, _request, response, _next) => {
    response.status(500).send('sorry')
  }) satisfies ErrorRequestHandler)
  return app
}

test.each([
  ['GET /static', 'GET /static 200'],
  ['GET /static/?page=2', 'GET /static 200'],
  ['HEAD /static', 'HEAD /static 200'],
  ['GET /files/a/b/c.txt', 'GET /files/*rest 200'],
  ['GET /api/orders', 'GET /api/orders 200'],
  ['GET /api/orders/7', 'GET /api/orders/:id 200'],
  ['GET /api/orders/ann', 'GET /api/orders/:id 200'],
  ['GET /api/orders/7/lines/8', 'GET /api/orders/:id/lines/:line 404'],
  ['GET /api/orders/list/all', 'GET /api/orders/list/all 200'],
  ['GET /api/orders/list/of/2024', 'GET /api/orders/list/of/:year 200'],
  ['GET /api/orders/size-44', 'GET /api/orders/^\\/size-(\\d+)$/ 200'],
  ['GET /users/12/orders/7', 'GET /users/:id/orders/:id 200'],
  ['GET /users/12/orders', 'GET /users/:id/orders 200'],
  ['GET /health', 'GET /health 200'],
])('express: %s is %s', async (request, expected) => {
  const { ask } = await serve(createShop())
  const { observed } = startRoutes()
  await ask(request)
  expect(observed()).toEqual([`${expected} x1 express`])
})

test('an error in a nested router keeps the path under which the router is mounted', async () => {
  const { ask } = await serve(createShop())
  const { observed } = startRoutes()
  expect(await ask('GET /api/orders/broken')).toBe(500)
  await ask('GET /users/7/orders/broken')
  await ask('GET /api/orders/left/over')
  expect(observed()).toEqual([
    'GET /api/orders/broken 500 x1 express',
    'GET /api/orders/left/over 404 x1 express',
    'GET /users/:id/orders/broken 500 x1 express',
  ])
})

test('addresses that no route takes are one pattern, in express and in plain node:http', async () => {
  const { ask } = await serve(createShop())
  const bare = await serve((_request, response) => response.writeHead(404).end())
  const { observed, reports, run } = startRoutes()
  for (const name of ['wp-admin', 'phpmyadmin', '.env', '%zz']) {
    await ask(`GET /${name}`)
    await bare.ask(`GET /${name}`)
  }
  run.flush?.()
  expect(reports.filter((report) => 'state' in report && report.state === 'discovered')).toEqual([])
  expect(observed()).toEqual(['GET * 404 x4 express', 'GET * 404 x4 http'])
})

const plain: RequestListener = (request, response) => {
  response.statusCode = request.url === '/orders/0' ? 404 : 200
  response.end('fine')
}

test('plain node:http: ids of a path are folded, and its query is left out', async () => {
  const { ask } = await serve(plain)
  const { observed } = startRoutes()
  await ask('GET /orders/7?secret=1')
  await ask('POST /orders/8')
  await ask('GET /orders/9')
  await ask('GET /')
  expect(observed()).toEqual([
    'GET / 200 x1 http',
    'GET /orders/:id 200 x2 http',
    'POST /orders/:id 200 x1 http',
  ])
})

test('a 4xx answer counts for a pattern that the method had another answer from', async () => {
  const { ask } = await serve(plain)
  const { observed } = startRoutes()
  await ask('GET /orders/0')
  await ask('GET /orders/1')
  await ask('GET /orders/0')
  await ask('DELETE /orders/0')
  expect(observed()).toEqual([
    'DELETE * 404 x1 http',
    'GET * 404 x1 http',
    'GET /orders/:id 200 x1 http',
    'GET /orders/:id 404 x1 http',
  ])
})

test('past the limit of patterns the rest is counted together', async () => {
  const { ask } = await serve(plain)
  const { observed } = startRoutes({ limitPatterns: 2 })
  for (const name of ['a', 'b', 'c', 'd', 'a']) await ask(`GET /${name}`)
  expect(observed()).toEqual(['GET * 200 x2 http', 'GET /a 200 x2 http', 'GET /b 200 x1 http'])
})

test('a method that the program makes up is OTHER', async () => {
  const { ask } = await serve((request, response) => {
    request.method = 'MADE-UP'
    response.end()
  })
  const { observed } = startRoutes()
  await ask('POST /orders')
  await ask('POST /orders')
  expect(observed()).toEqual(['OTHER /orders 200 x2 http'])
})

test('a period is reported with its bounds, a method and pattern as discovered once', async () => {
  const { ask } = await serve(plain)
  const { reports, tick, clock } = startRoutes()
  await ask('GET /orders/7')
  clock.nowMs = 31_000
  tick()
  const observed = {
    type: 'route',
    state: 'observed',
    method: 'GET',
    pattern: '/orders/:id',
    status: 200,
    framework: 'http',
  }
  expect(reports.splice(0)).toEqual([
    {
      type: 'route',
      state: 'discovered',
      method: 'GET',
      pattern: '/orders/:id',
      framework: 'http',
    },
    { ...observed, count: 1, since: 1_000, until: 31_000 },
  ])

  clock.nowMs = 61_000
  tick()
  expect(reports).toEqual([])

  await ask('GET /orders/8')
  await ask('GET /orders/9')
  clock.nowMs = 91_000
  tick()
  expect(reports).toEqual([{ ...observed, count: 2, since: 61_000, until: 91_000 }])
})

test('counts are handed over each activity period until the plugin is stopped', async () => {
  const { ask } = await serve(plain)
  const { run, observed, periodsMs } = startRoutes()
  expect(periodsMs()).toEqual([30_000])
  run.stop?.()
  await ask('GET /orders/7')
  expect(observed()).toEqual([])
  expect(periodsMs()).toEqual([])
})

test('the timer goes by the activity period of the moment', () => {
  const { periods, periodsMs } = startRoutes()
  periods.activityPeriodMs = 60_000
  expect(periodsMs()).toEqual([60_000])
})

test('two engines side by side each count every request, and one may stop', async () => {
  const { ask } = await serve(createShop())
  const plugin = routes()
  const [one, other] = [createRecordingContext(), createRecordingContext()]
  const runs = [plugin.start(one.context), plugin.start(other.context)]
  onTestFinished(() => runs[1]?.stop?.())
  await ask('GET /static')
  for (const run of runs) run?.flush?.()
  expect(one.reports.flatMap(lineOf)).toEqual(['GET /static 200 x1 express'])
  expect(other.reports.flatMap(lineOf)).toEqual(['GET /static 200 x1 express'])

  runs[0]?.stop?.()
  await ask('GET /static')
  for (const run of runs) run?.flush?.()
  expect(one.reports.flatMap(lineOf)).toHaveLength(1)
  expect(other.reports.flatMap(lineOf)).toHaveLength(2)
})

test('fastify: the pattern is the URL of the route that fastify announces', async () => {
  // What fastify 5 publishes, from its documentation: diagnostics channel hooks.
  const start = diagnosticsChannel.channel('tracing:fastify.request.handler:start')
  const { ask } = await serve((request, response) => {
    const url = request.url === '/nowhere' ? undefined : '/carts/:cart'
    start.publish({ request: { raw: request }, reply: {}, route: { url, method: 'GET' } })
    response.writeHead(url === undefined ? 404 : 200).end()
  })
  const { observed, run } = startRoutes()
  await ask('GET /carts/mine')
  await ask('GET /nowhere')
  expect(observed()).toEqual(['GET * 404 x1 http', 'GET /carts/:cart 200 x1 fastify'])
  run.stop?.()
  expect(start.hasSubscribers).toBe(false)
})

test.each([undefined, null, 7, new Proxy({}, { get: throwing })])(
  'fastify: a message like no other does not end the host',
  async (message) => {
    const uncaught: unknown[] = []
    const catchIt = (error: unknown) => uncaught.push(error)
    process.on('uncaughtException', catchIt)
    onTestFinished(() => void process.off('uncaughtException', catchIt))
    startRoutes()
    diagnosticsChannel.channel('tracing:fastify.request.handler:start').publish(message)
    await new Promise((resolve) => setImmediate(resolve))
    expect(uncaught).toEqual([])
  },
)

function throwing(): never {
  throw new Error('not to be read')
}

test('a request that cannot be read does not end the host, and is one line', async () => {
  const { ask } = await serve((request, response) => {
    Object.defineProperty(request, 'route', {
      get() {
        throw new Error('no route for you')
      },
    })
    response.end()
  })
  const uncaught: unknown[] = []
  const keep = (error: unknown) => void uncaught.push(error)
  process.on('uncaughtException', keep)
  onTestFinished(() => void process.off('uncaughtException', keep))
  const { observed, lines } = startRoutes()
  await ask('GET /a')
  await ask('GET /a')
  await new Promise(setImmediate)
  expect(uncaught).toEqual([])
  expect(observed()).toEqual([])
  expect(lines).toEqual(['debug a request could not be counted'])
})

test('random paths never make more patterns than the limit', async () => {
  const seed = Date.now() % 1_000_000
  let state = seed
  const random = () => {
    state = (state * 48_271 + 11) % 2_147_483_647
    return state.toString(36)
  }
  const channel = diagnosticsChannel.channel('http.server.response.finish')
  const { reports, run } = startRoutes({ limitPatterns: 50 })
  for (let i = 0; i < 5_000; i++) {
    const request = { method: 'GET', url: `/x${random()}/${random()}?${random()}` }
    channel.publish({ request, response: { statusCode: 200 } })
  }
  run.flush?.()
  const patterns = new Set(reports.map((report) => report.type === 'route' && report.pattern))
  expect(patterns.size, `seed ${seed}`).toBe(51)
})
