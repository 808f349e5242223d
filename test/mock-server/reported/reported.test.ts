import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { reportedSnapshot } from '../../../mock-server/index.ts'
import { scrub } from '../../../mock-server/reported/scrub.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop } from '../shop.ts'

async function shopWith(...reports: readonly object[]) {
  const { teamServer, shop } = await createShop()
  onTestFinished(() => teamServer.close())
  await ask(teamServer, 'POST', '/engine/v1/reports', {
    authorization: authorizationOf(shop.agent),
    json: { reports },
  })
  return shop
}

test('what differs from run to run is scrubbed, and all else stays', async () => {
  const shop = await shopWith({
    type: 'finding',
    id: '0193ab3e-0000-7000-8000-000000000001',
    at: 1_790_000_000_000,
    rule: 'csrf',
    url: 'http://127.0.0.1:49152/cart?order=17',
    evidence: { requestId: '5f1c8ad2-6f0e-4b5c-9d41-2a7c0d9e8b31', tookMs: 12.5, items: 3 },
    stack: [`at cart (${process.cwd()}/shop.js:3:1)`, `at load (${join(tmpdir(), 'x1y2')}/a.js)`],
  })
  expect(await shop.reported()).toEqual([
    {
      type: 'finding',
      id: '<id>',
      at: '<time>',
      rule: 'csrf',
      url: 'http://127.0.0.1:<port>/cart?order=17',
      evidence: { requestId: '<uuid>', tookMs: '<duration>', items: 3 },
      stack: ['at cart (<cwd>/shop.js:3:1)', 'at load (<tmp>/a.js)'],
    },
  ])
})

test('the order is fixed, whatever order the reports came in', async () => {
  const first = { id: '1', type: 'finding', rule: 'b' }
  const second = { id: '2', type: 'library', name: 'express' }
  const third = { id: '3', type: 'finding', rule: 'a' }
  const one = await shopWith(first, second, third)
  const other = await shopWith({ ...third, id: '9' }, { ...second, id: '8' }, first)
  expect(await other.reported()).toEqual(await one.reported())
  expect((await one.reported()).map(({ rule, name }) => rule ?? name)).toEqual([
    'a',
    'b',
    'express',
  ])
})

test('the same as text, with fields in the order of their names', async () => {
  const shop = await shopWith({ type: 'finding', rule: 'a', id: '1' })
  expect(await reportedSnapshot(shop)).toBe(`[
  {
    "id": "<id>",
    "rule": "a",
    "type": "finding"
  }
]
`)
})

test('it is made for snapshots of vitest', async () => {
  const shop = await shopWith({ type: 'finding', rule: 'a', id: '1' })
  expect(await shop.reported()).toMatchInlineSnapshot(`
    [
      {
        "id": "<id>",
        "rule": "a",
        "type": "finding",
      },
    ]
  `)
})

test.each([
  ['2026-03-01T12:00:00.123Z', '<time>'],
  ['on 2026-03-01 12:00:00+01:00 sharp', 'on <time> sharp'],
  ['2026-03-01', '2026-03-01'],
  ['took 12.5 ms', 'took <duration>'],
  ['localhost:3000 and example.test:3000', 'localhost:<port> and example.test:3000'],
  ['[::1]:8080', '[::1]:<port>'],
  ['/tmp/mock-AbC12/app.js:3', '<tmp>/app.js:3'],
  ['/var/folders/ab', '<tmp>'],
  ['/template/x', '/template/x'],
  ['version 4.17.21', 'version 4.17.21'],
  ['sessions', 'sessions'],
])('the text %j becomes %j', (text, scrubbed) => {
  expect(scrub(text)).toBe(scrubbed)
})

test.each([
  [
    { id: 7, identity: 'x' },
    { id: '<id>', identity: 'x' },
  ],
  [
    { session: 's1', sessions: 2 },
    { session: '<session>', sessions: 2 },
  ],
  [
    { duration: 5, elapsed: 3, count: 2 },
    { duration: '<duration>', elapsed: '<duration>', count: 2 },
  ],
  [{ id: { name: 'x' } }, { id: { name: 'x' } }],
  [
    { b: null, a: [true, { until: 5 }] },
    { a: [true, { until: '<time>' }], b: null },
  ],
])('the fields of %j become %j', (fields, scrubbed) => {
  expect(scrub(fields)).toEqual(scrubbed)
})
