import { expect, test } from 'vitest'
import { createManualClock } from './manual-clock.ts'
import { createScriptedTransport } from './scripted-transport.ts'
import { createLineLog, expectSumsUp, startTestEngine } from './test-engine.ts'

test('what is no report is refused and counted, and said once a minute', async () => {
  const clock = createManualClock()
  const logger = createLineLog()
  const engine = startTestEngine({ logger }, { clock, transport: createScriptedTransport() })
  for (const given of [undefined, null, 'text', 7, [], {}, new Map(), Symbol('x'), () => {}]) {
    expect(engine.report(given as never)).toBeUndefined()
  }
  expect(engine.status()).toMatchObject({ given: 9, refused: 9, waiting: 0 })
  expectSumsUp(engine)
  await clock.advance(60_000)
  engine.report({ type: 'finding' } as never)
  expect(logger.lines).toEqual([
    'warn: a report was not taken: it is missing',
    'warn: a report was not taken: a finding needs a rule (and 8 more like it)',
  ])
})

test('D-603: the state at the call is what is sent', async () => {
  const transport = createScriptedTransport()
  const engine = startTestEngine({}, { transport })
  const report = { type: 'finding' as const, rule: 'x', title: 'before' }
  engine.report(report)
  report.title = 'after'
  await engine.close()
  expect(transport.requestsOf('reports')[0]?.json.reports[0]?.title).toBe('before')
})

test('D-408: two engines in one process are independent', async () => {
  const [one, other] = [createScriptedTransport(), createScriptedTransport()]
  const engines = [one, other].map((transport) => startTestEngine({}, { transport }))
  engines[0]?.report({ type: 'finding', rule: 'x', id: 'one' })
  engines[1]?.report({ type: 'finding', rule: 'x', id: 'other' })
  await Promise.all(engines.map((engine) => engine.close()))
  expect([one.storedIds, other.storedIds]).toEqual([['one'], ['other']])
})
