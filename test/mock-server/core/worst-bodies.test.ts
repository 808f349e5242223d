import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../../mock-server/core/limits.ts'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'

/** Ten times what one request may block the loop for: `bench/abuse.mjs` has the goal itself. */
const LONGEST_MS = 500

let teamServer: TeamServer
let shop: Organization

beforeAll(async () => {
  ;({ teamServer, shop } = await createShop())
})

const { bodyBytes, jsonValues } = DEFAULT_LIMITS
const reportsOf = (more: object) =>
  Array.from({ length: 1_000 }, (_, at) => ({ ...finding(`r${at}`), ...more }))
const listOf = (count: number) => `{"reports":[${'0,'.repeat(count)}0]}`

test.each<
  [what: string, status: number, body: string | Uint8Array<ArrayBuffer>, encoding?: string]
>([
  ['4 MiB of white space', 400, ' '.repeat(bodyBytes)],
  [
    '4 MiB in 1 000 reports',
    202,
    JSON.stringify({ reports: reportsOf({ evidence: 'x'.repeat(4_000) }) }),
  ],
  [
    '1 000 reports that are all malformed',
    400,
    JSON.stringify({ reports: reportsOf({ id: ' '.repeat(4_000) }) }),
  ],
  ['as many values as are taken', 400, listOf(jsonValues - 3)],
  ['as many values as fit into 4 MiB', 400, listOf(2_000_000)],
  ['100 000 levels', 400, '['.repeat(100_000)],
  ['text of escapes alone', 400, `{"reports":"${'\\u0041'.repeat(690_000)}"}`],
  ['text of two-byte characters alone', 400, `{"reports":"${'é'.repeat(2_000_000)}"}`],
  ['100 MiB of zeros in gzip', 413, Uint8Array.from(gzipSync(Buffer.alloc(104_857_600))), 'gzip'],
])(
  '%s are answered in little of the loop’s time, and the next request is fine (matrix 4.0)',
  async (_what, status, body, encoding) => {
    const authorization = authorizationOf(shop.agent)
    const headers = {
      'content-type': 'application/json',
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    }
    const before = process.cpuUsage()
    const reply = await ask(teamServer, 'POST', '/engine/v1/reports', {
      authorization,
      headers,
      body,
    })
    const { user, system } = process.cpuUsage(before)
    expect(reply.status).toBe(status)
    // What the processor was busy with: what else the machine does is no fault of the request.
    expect((user + system) / 1_000).toBeLessThan(LONGEST_MS)
    const next = { authorization, json: { reports: [finding('next')] } }
    expect((await ask(teamServer, 'POST', '/engine/v1/reports', next)).status).toBe(202)
  },
)
