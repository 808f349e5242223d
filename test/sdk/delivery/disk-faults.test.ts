import { expect, test } from 'vitest'
import { LOOP_TIMEOUT_MS, sampled, seed } from '../../loops.ts'
import { createManualClock } from '../engine/manual-clock.ts'
import { type Scene, startScene } from '../engine/scene.ts'
import { createSteadyDisk } from '../engine/steady-disk.ts'
import { createFaultyFiles, type Fault, type FaultyFiles } from '../spool/faulty-files.ts'
import { freshDirectory } from '../spool/test-spool.ts'

const FAULTS: readonly Fault[] = [
  'EACCES',
  'EDQUOT',
  'EIO',
  'EMFILE',
  'ENOSPC',
  'EROFS',
  'short write',
]

interface Life {
  readonly scene: Scene
  /** By all engines, in the end. */
  readonly stored: ReadonlySet<string>
  readonly given: readonly string[]
  /** What the engine under test gave up. */
  readonly lost: number
}

/** The engine before leaves something; this one spills, is cut off, recovers and closes; the next one delivers. */
async function live(files: FaultyFiles, begin: () => void): Promise<Life> {
  const clock = createManualClock()
  const disk = createSteadyDisk(freshDirectory(), { files })
  const before = startScene({ clock, disk, script: () => ({ status: 503 }) })
  const given = before.report(5, 'before')
  const closing = before.engine.close()
  await before.advance(5_000)
  await closing

  begin()
  let isUp = true
  const scene = startScene({
    clock,
    disk,
    options: { queueLimitReports: 10, batchLimitReports: 5, spoolLimitBytes: 1_048_576 },
    script: () => (isUp ? undefined : { status: 503 }),
  })
  given.push(...scene.report(8, 'first'))
  await scene.advance(6_000)
  isUp = false
  given.push(...scene.report(25, 'second'))
  await scene.advance(40_000, 10_000)
  isUp = true
  await scene.advance(60_000, 10_000)
  isUp = false
  given.push(...scene.report(8, 'third'))
  await scene.advance(10_000)
  const ended = scene.engine.close()
  await scene.advance(5_000)
  await ended

  files.mend()
  const next = startScene({ clock, disk })
  // Long enough for an owner whose lease is all that is left of it.
  await next.advance(300_000, 30_000)
  const stored = new Set([...scene.transport.storedIds, ...next.transport.storedIds])
  return {
    scene,
    stored,
    given,
    lost: scene.engine.status().dropped + next.engine.status().dropped,
  }
}

test('without a fault nothing is lost, and no disk is needed to be asked twice', async () => {
  const { stored, given, lost } = await live(createFaultyFiles(), () => {})
  expect(lost).toBe(0)
  expect([...stored].toSorted()).toEqual(given.toSorted())
})

test.each(FAULTS)(
  'D-302: %s at any call costs no more than memory has no room for, all of it counted',
  async (fault) => {
    const probe = createFaultyFiles()
    await live(probe, () => probe.failAt(Number.POSITIVE_INFINITY, fault))
    const countCalls = probe.calls.length
    expect(countCalls).toBeGreaterThan(50)
    for (const index of sampled(countCalls)) {
      const files = createFaultyFiles()
      const { scene, stored, given, lost } = await live(files, () => files.failAt(index + 1, fault))
      const what = `call ${index + 1} of ${countCalls}, SEED=${seed}`
      const missing = given.filter((id) => !stored.has(id))
      expect(missing.length, `${what}: ${missing}`).toBeLessThanOrEqual(lost)
      // Memory holds 10, and one batch is under way.
      expect(lost, what).toBeLessThanOrEqual(25)
      expect(scene.engine.status().refused, what).toBe(0)
    }
  },
  LOOP_TIMEOUT_MS,
)

test.each(FAULTS)(
  'D-302: %s for good is memory alone (T0), one warning, and no call more than now and then',
  async (fault) => {
    const files = createFaultyFiles()
    let isUp = false
    const { report, advance, engine, transport, lines } = startScene({
      disk: createSteadyDisk(freshDirectory(), { files }),
      options: { queueLimitReports: 10, batchLimitReports: 5 },
      script: () => (isUp ? undefined : { status: 503 }),
    })
    files.failAt(1, fault, { isForGood: true })
    const ids = report(10)
    await advance(120_000, 10_000)
    expect(engine.status()).toMatchObject({ waiting: 10, spooled: 0, dropped: 0 })
    expect(lines.filter((line) => line.includes('cannot be used'))).toHaveLength(1)
    expect(files.calls.length).toBeLessThan(400)
    files.mend()
    await advance(40_000, 10_000)
    // And T1 again.
    expect(engine.status()).toMatchObject({ waiting: 10, spooled: 10 })
    isUp = true
    await advance(120_000, 10_000)
    expect(transport.storedIds).toEqual(ids)
  },
)
