import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTeamServer } from '../../mock-server/index.ts'
import { createRandom, LOOP_TIMEOUT_MS, rounds, seed } from '../loops.ts'
import { createHost, idsOf } from './host.ts'

/**
 * Reports without end, waits after each hundred until nothing is in memory alone, and prints then how many
 * are delivered or on disk: all.
 */
const REPORTING = (name: string) => `
  let [given, safe] = [0, 0]
  setInterval(() => {
    const { waiting, spooled } = engine.status()
    if (waiting === spooled && given > safe) console.log((safe = given))
    if (given - safe >= 100) return
    for (let count = 0; count < 5; count++)
      engine.report({ type: 'finding', rule: 'x', id: '${name}-' + given++ })
  }, 2)
  console.error('ready')`

test(
  'D-303: kill -9 at seeded moments: everything that was on disk is stored in the end, once',
  async () => {
    const random = createRandom('kill -9')
    await using teamServer = createTeamServer()
    const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
    await teamServer.listen()
    // A life of the program writes, sends, and hears of it a few times.
    await using host = await createHost({
      ...shop.engineOptions(),
      durability: 'always',
      flushIntervalMs: 50,
      batchLimitReports: 20,
    })
    const lives = rounds(200)
    const confirmed: string[] = []
    for (let life = 0; life < lives; life++) {
      const started = await host.start(REPORTING(`life${life}`))
      await started.untilStderr('ready')
      await sleep(random() * 600)
      started.child.kill('SIGKILL')
      const { stdout, stderr } = await started.ended
      expect(stderr, `seed ${seed}`).toBe('ready\n')
      // The last line may be cut.
      const safe = Math.max(0, ...stdout.split('\n').slice(0, -1).map(Number))
      confirmed.push(...idsOf(`life${life}`, safe))
    }
    expect(confirmed.length, `seed ${seed}`).toBeGreaterThan(0)
    expect(await host.nextStart(), `seed ${seed}`).toMatchObject({ waiting: 0, dropped: 0 })
    const stored = (await shop.reports()).map(({ id }) => id)
    const found = new Set(stored)
    expect(
      confirmed.filter((id) => !found.has(id)),
      `seed ${seed}`,
    ).toEqual([])
    expect(found.size).toBe(stored.length)
    const quarantine = join(host.folder, 'spool', 'quarantine')
    const asideFiles = existsSync(quarantine) ? readdirSync(quarantine).length : 0
    expect(asideFiles, `seed ${seed}`).toBeLessThanOrEqual(lives)
  },
  LOOP_TIMEOUT_MS,
)
