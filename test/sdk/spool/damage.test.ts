import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { createRandom, LOOP_TIMEOUT_MS, sampled, seed } from '../../loops.ts'
import {
  bare,
  freshDirectory,
  idsOf,
  processAlone,
  quarantinedIn,
  reportsOf,
  segmentsIn,
  testSpool,
  tree,
} from './test-spool.ts'

const REPORTS = reportsOf(6, { name: 'r' })
/** Of these two the file says that they are settled. */
const SETTLED = ['r-2', 'r-3']

/** One file of an engine that was killed: six records, of which two are settled. */
async function killedEngine(): Promise<{ directory: string; file: string; bytes: Buffer }> {
  const directory = freshDirectory()
  const spool = testSpool({ directory })
  const places = (await spool.write(REPORTS)) ?? []
  spool.settle(places.slice(1, 3))
  // Looked for until it is there: nobody waits for it in the engine either.
  for (let file = ''; ; file = segmentsIn(directory)[0] ?? '') {
    const bytes = file === '' ? Buffer.alloc(0) : readFileSync(file)
    if (/ S \d+ 1-2\n$/.test(bytes.toString())) return { directory, file, bytes }
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Where each line begins, and the id of its record. */
function linesOf(bytes: Buffer): { start: number; end: number; id: string | undefined }[] {
  let start = 0
  return bytes
    .toString()
    .split(/(?<=\n)/)
    .map((line) => {
      const place = { start, end: start + Buffer.byteLength(line), id: / (r-\d) /.exec(line)?.[1] }
      start = place.end
      return place
    })
}

/** What the next engine finds, and what is then in quarantine. */
async function recover(directory: string) {
  const spool = testSpool({ directory })
  const found = await spool.adopt()
  const reports = await spool.takeAll()
  expect(reports).toHaveLength(found)
  const { quarantinedReports, warnings, dropped } = spool
  await spool.close()
  return { reports, quarantinedReports, warnings, dropped }
}

test(
  'D-304: cut at every byte, every whole record before the cut is delivered and nothing invented',
  async () => {
    const { bytes } = await killedEngine()
    const lines = linesOf(bytes)
    for (const cut of sampled(bytes.length + 1)) {
      const directory = freshDirectory()
      const part = testSpool({ directory })
      await part.write(reportsOf(1))
      writeFileSync(segmentsIn(directory)[0] ?? '', bytes.subarray(0, cut))
      // A line is whole without its end.
      const whole = lines.filter(({ end }) => end - 1 <= cut)
      const isSettled = whole.length === lines.length
      const wanted = REPORTS.filter(
        ({ id }) => whole.some((line) => line.id === id) && !(isSettled && SETTLED.includes(id)),
      )
      const { reports } = await recover(directory)
      expect(reports.map(bare), `cut at ${cut}, seed ${seed}`).toEqual(wanted)
    }
  },
  LOOP_TIMEOUT_MS,
)

test(
  'D-305: with any byte changed only its own record is lost, set aside and counted',
  async () => {
    const { bytes } = await killedEngine()
    const lines = linesOf(bytes)
    for (const offset of sampled(bytes.length)) {
      const directory = freshDirectory()
      const part = testSpool({ directory })
      await part.write(reportsOf(1))
      const changed = Buffer.from(bytes)
      changed[offset] = (changed[offset] ?? 0) ^ 0xff
      writeFileSync(segmentsIn(directory)[0] ?? '', changed)

      const line = lines.find(({ start, end }) => start <= offset && offset < end)
      // The end of a line may be anything: the line before it is whole.
      const isHarmless = line?.end === offset + 1
      const isSettledKnown = line !== lines.at(-1) || isHarmless
      const lost = isHarmless ? undefined : line?.id
      const wanted = REPORTS.filter(
        ({ id }) => id !== lost && !(isSettledKnown && SETTLED.includes(id)),
      )
      const outcome = await recover(directory)
      const context = `byte ${offset}, seed ${seed}`
      expect(outcome.reports.map(bare), context).toEqual(wanted)
      expect(outcome.quarantinedReports, context).toBe(lost === undefined ? 0 : 1)
      expect(outcome.warnings.map(kindOf), context).toEqual(isHarmless ? [] : ['damaged'])
      const aside = quarantinedIn(directory)
      expect(aside, context).toHaveLength(isHarmless ? 0 : 1)
      if (line && !isHarmless) {
        expect(aside[0]?.includes(changed.subarray(line.start, line.end)), context).toBe(true)
      }
    }
  },
  LOOP_TIMEOUT_MS,
)

function kindOf(warning: string): string | undefined {
  return warning.split(':')[0]
}

test('damage is set aside once, however often the file is inherited', async () => {
  const { directory, file, bytes } = await killedEngine()
  bytes[80] = 0
  writeFileSync(file, bytes)
  for (const round of [1, 2, 3]) {
    const spool = testSpool({ directory, processes: processAlone() })
    expect(await spool.adopt()).toBe(3)
    expect(spool.quarantinedReports).toBe(round === 1 ? 1 : 0)
  }
  expect(quarantinedIn(directory)).toHaveLength(1)
})

test('several damaged records in a row are counted one by one', async () => {
  const { directory, file, bytes } = await killedEngine()
  const lines = linesOf(bytes)
  for (const { start, id } of lines) if (id === 'r-4' || id === 'r-5') bytes[start + 20] = 0
  writeFileSync(file, bytes)
  const { reports, quarantinedReports } = await recover(directory)
  expect(idsOf(reports)).toEqual(['r-1', 'r-6'])
  expect(quarantinedReports).toBe(2)
})

test('what is damaged after it was counted is set aside, and counts as dropped', async () => {
  const { directory } = await killedEngine()
  const spool = testSpool({ directory })
  expect(await spool.adopt()).toBe(4)
  const [file = ''] = segmentsIn(directory)
  const bytes = readFileSync(file)
  for (const { end, id } of linesOf(bytes)) if (id === 'r-4' || id === 'r-5') bytes[end - 9] = 0
  writeFileSync(file, bytes)
  expect(idsOf(await spool.takeAll())).toEqual(['r-1', 'r-6'])
  expect([spool.dropped, spool.quarantinedReports, spool.restingReports]).toEqual([[2], 2, 0])
  expect(quarantinedIn(directory).map(String)).toEqual([expect.stringMatching(/r-4.*\n.*r-5.*\n/)])
  const again = testSpool({ directory })
  expect(await again.adopt()).toBe(2)
  expect(again.warnings).toEqual([])
})

test('the quarantine holds 16 files at most, and the oldest go', async () => {
  const directory = freshDirectory()
  const clock = testSpool({ directory }).clock
  for (let round = 1; round <= 20; round++) {
    const before = testSpool({ directory })
    await before.write(reportsOf(1))
    const [file = ''] = segmentsIn(directory)
    appendFileSync(file, `damage ${round}.`)
    await clock.advance(1)
    const after = testSpool({ directory, clock })
    await after.adopt()
    after.settle((await after.takeAll()).map(({ place }) => place))
    await after.close()
  }
  const kept = quarantinedIn(directory).map(String)
  expect(kept).toEqual(Array.from({ length: 16 }, (_, index) => `damage ${index + 5}.\n`))
})

test('the quarantine holds 16 MiB at most', async () => {
  const directory = freshDirectory()
  const clock = testSpool({ directory }).clock
  for (let round = 1; round <= 5; round++) {
    await testSpool({ directory }).write(reportsOf(1))
    writeFileSync(segmentsIn(directory)[0] ?? '', Buffer.alloc(4 * 1_048_576, `${round}`))
    await clock.advance(1)
    const after = testSpool({ directory, clock })
    await after.adopt()
    await after.close()
  }
  const kept = quarantinedIn(directory)
  expect(kept.map((bytes) => String(bytes.subarray(0, 1)))).toEqual(['3', '4', '5'])
})

const random = createRandom('random bytes')
const RANDOM_BYTES = Buffer.from(
  Uint32Array.from({ length: 4_096 }, () => random() * 2 ** 32).buffer,
)

test.each([
  ['an empty file', Buffer.alloc(0), 'removed'],
  ['zeros', Buffer.alloc(100_000), 'set aside'],
  ['4 MiB of random bytes', Buffer.concat(Array(256).fill(RANDOM_BYTES)), 'set aside'],
  ['text', Buffer.from('Dear reader,\n\nhello.\n'), 'set aside'],
  [
    'another version of the format',
    Buffer.from('7c7ca7f4 H 42 teamserver-engine-spool 2 0123456789abcdef\n'),
    'left',
  ],
  ['a file that is larger than any of ours', Buffer.alloc(9 * 1_048_576), 'left'],
])('D-306: %s is neither deleted unread nor in the way', async (_what, bytes, outcome) => {
  const directory = freshDirectory()
  await testSpool({ directory }).write(REPORTS)
  const strange = join(dirname(segmentsIn(directory)[0] ?? ''), '00000000.spool')
  writeFileSync(strange, bytes)
  const { reports, warnings } = await recover(directory)
  expect(idsOf(reports)).toEqual(idsOf(REPORTS))
  const kinds = { removed: [], 'set aside': ['damaged'], left: ['foreign-file'] }[outcome]
  expect(warnings.map(kindOf)).toEqual(kinds)
  const aside = quarantinedIn(directory)
  if (outcome !== 'set aside') expect(aside).toEqual([])
  else expect(aside[0]?.subarray(0, bytes.length).equals(bytes)).toBe(true)
  const left = segmentsIn(directory).filter((path) => path.endsWith('00000000.spool'))
  expect(left).toHaveLength(outcome === 'left' ? 1 : 0)
  for (const path of left) expect(readFileSync(path).equals(bytes)).toBe(true)
})

test('D-306: names that are none of ours are left alone, in the directory and in a part', async () => {
  const directory = freshDirectory()
  await testSpool({ directory }).write(REPORTS)
  const part = dirname(segmentsIn(directory)[0] ?? '')
  writeFileSync(join(part, '00000002.spool.tmp'), 'left over')
  writeFileSync(join(directory, 'part-of-something-else'), 'not ours')
  writeFileSync(join(directory, '00000001.spool'), 'not ours')
  const spool = testSpool({ directory })
  expect(await spool.adopt()).toBe(6)
  spool.settle((await spool.takeAll()).map(({ place }) => place))
  await spool.close()
  expect(spool.warnings).toEqual([])
  expect(existsSync(join(directory, 'part-of-something-else'))).toBe(true)
  expect(tree(directory).filter((path) => path.endsWith('.tmp'))).toHaveLength(1)
  expect(tree(directory).filter((path) => path.endsWith('.spool'))).toEqual(['00000001.spool'])
})

test('D-307: a record that was acknowledged but not settled comes back', async () => {
  const directory = freshDirectory()
  const before = testSpool({ directory })
  await before.write(REPORTS)
  const after = testSpool({ directory })
  await after.adopt()
  await after.takeAll()
  const { reports } = await recover(directory)
  expect(idsOf(reports)).toEqual(idsOf(REPORTS))
})
