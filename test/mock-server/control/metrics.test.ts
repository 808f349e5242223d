import { expect, onTestFinished, test } from 'vitest'
import { exposition } from '../../../mock-server/control/exposition.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'
import { controlOf } from './control-of.ts'
import { parseExposition } from './parse-exposition.ts'

async function setUp() {
  const { teamServer, shop } = await createShop({ isApiKeyEnabled: true })
  onTestFinished(() => teamServer.close())
  const listener = await teamServer.listen({ control: true })
  const metrics = async () => {
    const { headers, body } = await controlOf(listener).get('/metrics')
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    return parseExposition(String(body))
  }
  const send = (authorization: string | undefined, apiKey: string, reports: readonly object[]) =>
    ask(teamServer, 'POST', '/engine/v1/reports', {
      authorization,
      headers: { 'api-key': apiKey },
      json: { reports },
    })
  return { teamServer, shop, metrics, send }
}

test('requests, reports and refusals are counted by what became of them', async () => {
  const { teamServer, shop, metrics, send } = await setUp()
  const right = authorizationOf(shop.agent)
  await send(right, shop.apiKey.value, [finding('one'), finding('two'), { id: 'three' }])
  await send(right, shop.apiKey.value, [finding('one')])
  await send(right, 'wrong', [finding('four')])
  await send(undefined, 'wrong', [])
  await send(right, shop.apiKey.value, [{}])
  teamServer.faults.add({ do: ['503', 'hang'], route: 'heartbeat' })
  const heartbeat = () => ask(teamServer, 'POST', '/engine/v1/heartbeat', { authorization: right })
  await heartbeat()

  const found = await metrics()
  expect(found.get('mock_teamserver_requests_total')).toEqual({
    type: 'counter',
    samples: [
      [{ outcome: 'answered' }, 2],
      [{ outcome: 'refused_for_now' }, 3],
      [{ outcome: 'refused_for_good' }, 1],
      [{ outcome: 'cut_off' }, 0],
    ],
  })
  expect(found.get('mock_teamserver_reports_total')?.samples).toEqual([
    [{ outcome: 'accepted' }, 2],
    [{ outcome: 'known' }, 1],
    [{ outcome: 'rejected' }, 1],
  ])
  expect(found.get('mock_teamserver_refusals_total')?.samples).toEqual([
    [{ reason: 'api-key-wrong' }, 1],
    [{ reason: 'credentials-missing' }, 1],
    [{ reason: 'body-malformed' }, 1],
  ])
  const one = (name: string) => found.get(`mock_teamserver_${name}`)?.samples
  expect(one('faults_hit_total')).toEqual([[{}, 1]])
  expect(one('faults')).toEqual([[{}, 1]])
  expect(one('organizations')).toEqual([[{}, 1]])
  expect(one('stored_reports')).toEqual([[{}, 2]])
  expect(one('request_log_requests')).toEqual([[{}, 6]])
  for (const name of ['mock_teamserver_uptime_seconds', 'mock_teamserver_request_log_bytes']) {
    expect(found.get(name)?.samples[0]?.[1]).toBeGreaterThan(0)
  }
  for (const name of ['process_resident_memory_bytes', 'nodejs_heap_size_used_bytes']) {
    expect(found.get(name)?.samples[0]?.[1]).toBeGreaterThan(1_000_000)
  }
})

test('a reset lowers what is stored, and no counter', async () => {
  const { teamServer, shop, metrics, send } = await setUp()
  await send(authorizationOf(shop.agent), shop.apiKey.value, [finding('one')])
  teamServer.faults.add('503')
  await send(undefined, '', [])
  await teamServer.reset()
  const found = await metrics()
  expect(found.get('mock_teamserver_stored_reports')?.samples).toEqual([[{}, 0]])
  expect(found.get('mock_teamserver_faults_hit_total')?.samples).toEqual([[{}, 1]])
  expect(found.get('mock_teamserver_reports_total')?.samples[0]).toEqual([
    { outcome: 'accepted' },
    1,
  ])
})

test('what a label holds is escaped', () => {
  const samples = [{ labels: { reason: 'a "b"\\c\nd' }, value: 1 }]
  expect(exposition([{ name: 'x', help: 'X.', type: 'counter', samples }])).toBe(
    '# HELP x X.\n# TYPE x counter\nx{reason="a \\"b\\"\\\\c\\nd"} 1\n',
  )
})

test.each([
  ['a 1', 'no TYPE'],
  ['# TYPE a gauge\na 1', 'last line'],
  ['# TYPE a gauge\na  1\n', 'a  1'],
  ['# TYPE a gauge\na{b=c} 1\n', 'a{b=c} 1'],
  ['# TYPE a gauge\na 1\na 2\n', 'twice'],
  ['# TYPE a gauge\n# TYPE a gauge\n', 'twice'],
])('the parser of these tests refuses %j', (text, message) => {
  expect(() => parseExposition(text)).toThrow(message)
})
