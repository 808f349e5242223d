import { expect, test } from 'vitest'
import { createMemoryDisk } from '../engine/memory-disk.ts'
import { startScene } from '../engine/scene.ts'
import { API_KEY, SERVICE_KEY } from '../engine/test-engine.ts'

test('while TeamServer takes reports, the disk is not written to', async () => {
  const disk = createMemoryDisk()
  const { advance, report, engine } = startScene({ disk })
  for (let turn = 0; turn < 10; turn++) {
    report(100, `turn-${turn}`)
    await advance(10_000)
  }
  await engine.flush()
  expect(engine.status()).toMatchObject({ accepted: 1_000, waiting: 0, spooled: 0 })
  expect(new Set(disk.uses)).toEqual(new Set(['adopt']))
})

test('D-102: ten minutes away, everything is on disk soon after it was given, and gets there', async () => {
  const disk = createMemoryDisk()
  let isUp = false
  const { advance, report, engine, transport } = startScene({
    disk,
    script: () => (isUp ? undefined : { status: 503 }),
  })
  const ids: string[] = []
  for (let second = 0; second < 600; second++) {
    ids.push(...report(1, `s-${second}`))
    await advance(200)
    if (second > 5) expect(engine.status().spooled).toBe(second + 1)
    await advance(800)
  }
  expect(disk.ids).toEqual(ids)
  isUp = true
  await advance(61_000)
  expect(transport.storedIds).toEqual(ids)
  expect(engine.status()).toMatchObject({ accepted: 600, dropped: 0, waiting: 0, spooled: 0 })
  expect(disk.ids).toEqual([])
  expect(disk.written.join()).not.toMatch(new RegExp(`${SERVICE_KEY}|${API_KEY}`))
})

test('a report that is accepted while the disk still writes it never counts as on disk', async () => {
  const disk = createMemoryDisk()
  let endWriting = () => {}
  const isWritten = new Promise<void>((resolve) => {
    endWriting = resolve
  })
  const openSpool: typeof disk.openSpool = (...given) => {
    const spool = disk.openSpool(...given)
    const write: typeof spool.write = async (reports) => {
      const places = await spool.write(reports)
      // Written, and not yet sure to outlive a crash.
      await isWritten
      return places
    }
    return Object.create(spool, { write: { value: write } })
  }
  const { advance, report, engine } = startScene({
    disk: { ...disk, openSpool },
    options: { durability: 'always' },
  })
  report(2)
  await advance(200)
  expect(disk.ids).toHaveLength(2)
  expect(engine.status()).toMatchObject({ waiting: 2, spooled: 0 })
  await advance(5_000)
  expect(engine.status()).toMatchObject({ accepted: 2, waiting: 0, spooled: 0 })
  endWriting()
  await advance(0)
  expect(engine.status()).toMatchObject({ accepted: 2, waiting: 0, spooled: 0 })
  expect(disk.ids).toEqual([])
})
