import { expect, test } from 'vitest'
import { goodReply, refusal } from '../engine/scripted-transport.ts'
import { overhear } from './overhear.ts'

test('what is refused: by the engine, and by TeamServer one by one', async () => {
  const { on, report, advance, engine, engineOf } = overhear({
    options: { session: { id: 's' } },
    script: (request) =>
      request.call === 'reports'
        ? {
            status: 202,
            body: {
              ...(goodReply(request).body as object),
              rejected: [
                { index: 0, reason: 'severity must be one of note, low' },
                { index: 2, reason: 'no' },
              ],
            },
          }
        : undefined,
  })
  engine.report({ type: 'finding' } as never)
  report(3)
  await advance(6_000)

  const engineRefused = { given: 1, accepted: 0, refused: 1, dropped: 0, waiting: 0 }
  const counters = { given: 4, accepted: 1, refused: 3, dropped: 0, waiting: 0 }
  expect(on('teamserver-engine:reports:refused')).toEqual([
    {
      engine: engineOf,
      counters: engineRefused,
      reports: 1,
      by: 'engine',
      reason: 'a finding needs a rule',
    },
    {
      engine: engineOf,
      counters,
      reports: 1,
      by: 'teamserver',
      reason: 'severity must be one of note, low',
      id: 'r-0',
      type: 'finding',
    },
    {
      engine: engineOf,
      counters,
      reports: 1,
      by: 'teamserver',
      reason: 'no',
      id: 'r-2',
      type: 'finding',
    },
  ])
  expect(on('teamserver-engine:reports:accepted')).toEqual([
    { engine: engineOf, counters, reports: 1 },
  ])
})

test('of a batch that is rejected whole, nothing is told as accepted', async () => {
  const { heard, on, report, advance } = overhear({
    options: { session: { id: 's' } },
    script: (request) =>
      request.call === 'reports'
        ? {
            status: 202,
            body: {
              ...(goodReply(request).body as object),
              rejected: [{ index: 0, reason: 'no' }],
            },
          }
        : undefined,
  })
  report(1)
  await advance(6_000)
  expect(on('teamserver-engine:reports:refused')).toHaveLength(1)
  expect(heard.map(([name]) => name)).not.toContain('teamserver-engine:reports:accepted')
})

test('a report that TeamServer refuses alone is told once, its batches each', async () => {
  const { on, report, advance } = overhear({
    options: { session: { id: 's' } },
    script: ({ call, json }) =>
      call === 'reports' && json.reports.some(({ id }) => id === 'r-1')
        ? refusal(json.reports.length > 1 ? 413 : 400, 'body-malformed')
        : undefined,
  })
  report(2)
  await advance(6_000)
  const batches = on('teamserver-engine:exchange').filter(({ call }) => call === 'reports')
  expect(batches.map(({ reports, outcome, attempt }) => ({ reports, outcome, attempt }))).toEqual([
    { reports: 2, outcome: 'too-large', attempt: 1 },
    { reports: 1, outcome: 'accepted', attempt: 1 },
    { reports: 1, outcome: 'refused', attempt: 1 },
  ])
  expect(on('teamserver-engine:reports:refused')).toMatchObject([
    { by: 'teamserver', reason: '400 body-malformed', id: 'r-1', type: 'finding' },
  ])
})
