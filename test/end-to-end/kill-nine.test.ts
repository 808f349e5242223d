import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTeamServer } from '../../mock-server/index.ts'
import { createRandom, LOOP_TIMEOUT_MS, rounds, seed } from '../loops.ts'
import { createHost } from './host.ts'

/** Reports without end and prints, each time, how many of its own are delivered or on disk by now. */
const REPORTING = (name: string) => `
  let given = 0
  setInterval(() => {
    const { waiting, spooled } = engine.status()
    console.log(Math.max(0, given - (waiting - spooled)))
    for (let count = 0; count < 5; count++)
      engine.report({ type: 'finding', rule: 'x', id: '${name}-' + given++ })
  }, 2)
  console.error('ready')`

test.each([
  {
    row: 'D-303',
    what: 'while it reports, spools, sends and hears of it',
    full: 200,
    longestMs: 600,
  },
  {
    row: 'D-308',
    what: 'soon after its start, while it takes over what is left',
    full: 50,
    longestMs: 80,
  },
])(
  '$row: kill -9 $what, over and over: everything that was on disk is stored in the end, once',
  async ({ row, full, longestMs }) => {
    const random = createRandom(row)
    await using teamServer = createTeamServer()
    const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
    await teamServer.listen()
    await using host = await createHost({
      ...shop.engineOptions(),
      durability: 'always',
      flushIntervalMs: 50,
      batchLimitReports: 20,
    })
    const confirmed: string[] = []
    for (let life = 0; life < rounds(full); life++) {
      const started = await host.start(REPORTING(`life${life}`))
      await started.untilStderr('ready')
      await sleep(random() * longestMs)
      started.child.kill('SIGKILL')
      const { stdout, stderr } = await started.ended
      expect(stderr, `seed ${seed}`).toBe('ready\n')
      // The last line may be cut.
      const safe = Math.max(0, ...stdout.split('\n').slice(0, -1).map(Number))
      for (let index = 0; index < safe; index++) confirmed.push(`life${life}-${index}`)
    }
    expect(await host.nextStart(), `seed ${seed}`).toMatchObject({ waiting: 0, dropped: 0 })
    const stored = (await shop.reports()).map(({ id }) => id)
    expect(
      confirmed.filter((id) => !new Set(stored).has(id)),
      `seed ${seed}`,
    ).toEqual([])
    expect(new Set(stored).size).toBe(stored.length)
    expect(confirmed.length).toBeGreaterThan(0)
    const quarantine = join(host.folder, 'spool', 'quarantine')
    const asideFiles = existsSync(quarantine) ? readdirSync(quarantine).length : 0
    expect(asideFiles, `seed ${seed}`).toBeLessThanOrEqual(rounds(full))
  },
  LOOP_TIMEOUT_MS,
)
