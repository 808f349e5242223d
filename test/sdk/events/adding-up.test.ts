import { expect, test } from 'vitest'
import { createRandom, LOOP_TIMEOUT_MS, rounds, seed } from '../../loops.ts'
import { createMemoryDisk } from '../engine/memory-disk.ts'
import { FINDING, startScene } from '../engine/scene.ts'
import { type Reply, refusal } from '../engine/scripted-transport.ts'
import { type Listener, listen } from './listener.ts'

/** What an engine's events say that it did with reports. */
function sumsOf({ on }: Listener, id: string) {
  const sum = (
    name: 'reports:accepted' | 'reports:refused' | 'reports:dropped' | 'spool:adopted',
  ) =>
    on(`teamserver-engine:${name}`)
      .filter(({ engine }) => engine.id === id)
      .reduce((total, { reports }) => total + reports, 0)
  return {
    accepted: sum('reports:accepted'),
    refused: sum('reports:refused'),
    dropped: sum('reports:dropped'),
    adopted: sum('spool:adopted'),
  }
}

const ANSWERS: readonly (Reply | undefined)[] = [
  undefined,
  undefined,
  { status: 503 },
  refusal(400, 'body-malformed'),
  refusal(401, 'credentials-wrong'),
  Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
]

test(
  'the reports of all events add up to the counters of status(), whatever happens',
  async () => {
    for (let turn = 0; turn < rounds(100); turn++) {
      const what = `turn ${turn}, SEED=${seed}`
      const random = createRandom(`events ${turn}`)
      const listener = listen()
      const disk = createMemoryDisk({
        limitReports: 60,
        isFailing: () => random() < 0.1,
      })
      for (let life = 0; life < 3; life++) {
        const { engine, report, advance, exit } = startScene({
          random,
          ...(turn % 3 > 0 && { disk }),
          options: { queueLimitReports: 20, batchLimitReports: 7 },
          script: () => ANSWERS[Math.trunc(random() * ANSWERS.length)],
        })
        let own = 0
        for (let step = 0; step < 20; step++) {
          const count = Math.trunc(random() * 15)
          report(count, `t${turn}-l${life}-s${step}`)
          own += count
          if (random() < 0.3) {
            engine.report({ type: 'finding' } as never)
            own += 1
          }
          if (random() < 0.1) {
            const agentUserName = `agent_${Math.trunc(random() * 2)}@Org`
            engine.updateCredentials({ agentUserName, serviceKey: 'S3rviceKeyS3rviceKey01' })
          }
          await advance(random() * 60_000)
          expectAdded()
        }
        if (random() < 0.5) exit()
        const closing = engine.close()
        await advance(20_000)
        await closing
        engine.report(FINDING)
        own += 1
        expectAdded()
        disk.loseEngines()

        function expectAdded(): void {
          const { given, accepted, refused, dropped } = engine.status()
          const adopted = given - own
          const sums = { accepted, refused, dropped, adopted }
          expect(sumsOf(listener, engine.id), what).toEqual(sums)
        }
      }
      for (const [name, { counters }] of listener.heard) {
        const { given, accepted, refused, dropped, waiting } = counters
        expect(accepted + refused + dropped + waiting, `${name}, ${what}`).toBe(given)
      }
    }
  },
  LOOP_TIMEOUT_MS,
)
