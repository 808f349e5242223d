// The floor: node:http that reads, hashes both headers, parses and keeps, and decides nothing.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

const KEPT = 100_000
/** @type {unknown[]} */
const kept = []
let next = 0
const hash = (/** @type {string | undefined} */ text) =>
  createHash('sha256')
    .update(text ?? '')
    .digest()

const server = createServer((request, response) => {
  /** @type {Buffer[]} */
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    hash(request.headers.authorization)
    hash(String(request.headers['api-key']))
    kept[next++ % KEPT] = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    const body = '{"success":true,"messages":[],"batch":null,"added":1,"known":0,"rejected":[]}'
    response.writeHead(202, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': body.length,
    })
    response.end(body)
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  process.send?.({ url: `http://127.0.0.1:${address.port}/`, headers: {} })
})
process.once('disconnect', () => process.exit(0))
