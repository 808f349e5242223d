import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runProgram } from '../end-to-end/program.ts'
import { ROOT } from '../mock-server/root.ts'

const RUN = fileURLToPath(new URL('run.mjs', import.meta.url))

// `npm run chaos` is the long one. On a machine that is busy with other tests no time is promised, so that
// only what the engine itself said to be safe is asked for.
test('nothing that the engine said to be safe is lost, and nothing stored twice, in five seconds of chaos', async () => {
  const argv = ['--seconds', '5', '--kills', '2', '--tolerance-ms', '60000', '--json']
  const { code, stdout, stderr } = await runProgram(ROOT, [RUN, ...argv])
  expect(stderr).toMatch(/^seed \d+\n$/)
  const outcome = JSON.parse(stdout)
  expect({ code, ...outcome }).toEqual({
    code: 0,
    seed: Number(/\d+/.exec(stderr)?.[0]),
    faults: expect.any(Object),
    applications: 3,
    given: expect.any(Number),
    confirmed: expect.any(Number),
    lostThoughTold: 0,
    lostThoughOld: 0,
    lostUnconfirmed: expect.any(Number),
    givenUp: 0,
    storedTwice: 0,
    invented: 0,
    sentAgain: expect.any(Number),
    lost: [],
  })
  expect(outcome.confirmed).toBeGreaterThan(0)
}, 120_000)
