// A server that takes what each of the SDKs sends, counts it, and can be told to fail. Runs on its own,
// so that its work is not that of the SDK; its parent speaks to it by messages.
import { createServer } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { KEYS } from './report.mjs'

/** How often each report came. @type {Map<number, number>} */
const arrivals = new Map()
let port = 0
/** @type {'up' | 'hang' | 401 | 429 | 503} */
let mode = 'up'
let requests = 0

const server = createServer((request, response) => {
  /** @type {Buffer[]} */
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    requests += 1
    if (mode === 'hang') return
    if (mode !== 'up') return refuse(response, mode)
    const bytes = Buffer.concat(chunks)
    const isZipped = request.headers['content-encoding'] === 'gzip'
    take(request.url ?? '', (isZipped ? gunzipSync(bytes) : bytes).toString('latin1'), response)
  })
})

/** @param {string} path @param {string} text @param {import('node:http').ServerResponse} response */
function take(path, text, response) {
  // In one request, a report may name its key more than once.
  const keys = new Set(Array.from(text.matchAll(KEYS), ([, digits]) => Number(digits)))
  for (const key of keys) arrivals.set(key, (arrivals.get(key) ?? 0) + 1)
  if (path.endsWith('/engine/v1/reports'))
    return answer(response, 202, reportsAnswer(text, keys.size))
  if (path.endsWith('/applications/create')) {
    const { name } = JSON.parse(Buffer.from(text, 'latin1').toString())
    return answer(response, 200, { ...SUCCESS, application: { app_id: 'bench', name } })
  }
  if (path.endsWith('/sessions') || path.endsWith('/heartbeat')) {
    return answer(response, 200, { ...SUCCESS, session_id: 'bench', settings: {} })
  }
  // OpenTelemetry reads `partialSuccess`, PostHog `status`; Sentry reads nothing.
  answer(response, 200, { partialSuccess: {}, status: 'Ok' })
}

const SUCCESS = { success: true, messages: [] }

/** @param {string} text @param {number} count */
function reportsAnswer(text, count) {
  const batch = /"batch":"([^"]+)"/.exec(text)?.[1]
  return { ...SUCCESS, batch, added: count, known: 0, rejected: [] }
}

/** @param {import('node:http').ServerResponse} response @param {number} status @param {object} body */
function answer(response, status, body) {
  const json = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': json.length })
  response.end(json)
}

/** @param {import('node:http').ServerResponse} response @param {401 | 429 | 503} status */
function refuse(response, status) {
  if (status === 429) response.setHeader('retry-after', '1')
  const reason = status === 401 ? 'credentials-wrong' : 'unavailable'
  answer(response, status, { success: false, messages: ['not now'], reason })
}

/** @type {Record<string, (value: any) => unknown>} */
const ORDERS = {
  mode: (value) => {
    if (value === 'down') {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    }
    mode = value
    return server.listening ? undefined : listen()
  },
  forget: () => {
    arrivals.clear()
    requests = 0
  },
  counts: () => ({
    different: arrivals.size,
    twice: [...arrivals.values()].filter((times) => times > 1).length,
    requests,
  }),
}

process.on('message', async (/** @type {{ order: string, value: unknown }} */ { order, value }) => {
  process.send?.({ done: order, result: await ORDERS[order]?.(value) })
})
process.once('disconnect', () => process.exit(0))
await listen()
process.send?.({ done: 'listening', result: `http://127.0.0.1:${port}` })

/** The same port again after it was down. */
async function listen() {
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  port = address.port
}
