// The floor: node:http that reads, hashes both headers, parses and keeps, and decides nothing.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

const KEPT = 100_000
const ACCEPTED = '{"success":true,"messages":[],"batch":null,"added":1,"known":0,"rejected":[]}'
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
    response.writeHead(202, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': ACCEPTED.length,
    })
    response.end(ACCEPTED)
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  console.log(JSON.stringify({ url: `http://127.0.0.1:${address.port}/Contrast` }))
})
