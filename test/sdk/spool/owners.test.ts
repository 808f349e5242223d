import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, utimesSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { formatPartName, parsePartName } from '../../../sdk/spool/part-name.ts'
import {
  GONE,
  type Owner,
  type Processes,
  systemProcesses,
  UNKNOWN,
} from '../../../sdk/spool/processes.ts'
import { createManualClock } from '../engine/manual-clock.ts'
import { freshDirectory, idsOf, reportsOf, testSpool, tree } from './test-spool.ts'

const SELF: Owner = { machine: '0123456789ab', pid: 50, startedAt: '700', thread: 0 }
const OTHER: Owner = { machine: '0123456789ab', pid: 40, startedAt: '600', thread: 0 }

/** How the adopter sees the machine: the other process with this start, or none. */
function seeing(startedAt: string, self: Owner = SELF): Processes {
  return { self, startedAt: (pid) => (pid === self.pid ? self.startedAt : startedAt) }
}

function ownedBy(owner: Owner): Processes {
  return { self: owner, startedAt: () => owner.startedAt }
}

test('the name of a part says whose it is, and reads back', () => {
  const destination = '0123456789abcdef'
  const owned = formatPartName({ destination, owner: OTHER })
  expect(owned).toMatch(/^part-0123456789abcdef-0123456789ab-40-600-0-[0-9a-f]{12}$/)
  expect(parsePartName(owned)).toEqual({ destination, owner: OTHER })
  const released = formatPartName({ destination, owner: undefined })
  expect(released).toMatch(/^part-0123456789abcdef-released-[0-9a-f]{12}$/)
  expect(parsePartName(released)).toEqual({ destination, owner: undefined })
  expect(formatPartName({ destination, owner: OTHER })).not.toBe(owned)
})

test.each([
  'quarantine',
  'part-0123456789abcdef',
  'part-0123456789abcdef-released-0123456789abc',
  'part-0123456789abcdef-0123456789ab-40-600-0-0123456789ab.tmp',
  'part-0123456789ABCDEF-released-0123456789ab',
  'xpart-0123456789abcdef-released-0123456789ab',
])('%s is no name of a part', (name) => {
  expect(parsePartName(name)).toBeUndefined()
})

interface Case {
  readonly what: string
  readonly owner: Owner
  /** What the machine says of the owner's process. */
  readonly startedAt: string
  /** Since the lease was touched. */
  readonly leaseAgeMs: number
  readonly isInherited: boolean
}

const CASES: readonly Case[] = [
  { what: 'a process that ended', owner: OTHER, startedAt: GONE, leaseAgeMs: 0, isInherited: true },
  {
    what: 'a process that lives, however long it was busy',
    owner: OTHER,
    startedAt: '600',
    leaseAgeMs: 86_400_000,
    isInherited: false,
  },
  {
    what: 'a process whose number now belongs to another, as the first one of a container',
    owner: OTHER,
    startedAt: '601',
    leaseAgeMs: 0,
    isInherited: true,
  },
  {
    what: 'a thread of a process that lives, busy for two minutes',
    owner: { ...OTHER, thread: 3 },
    startedAt: '600',
    leaseAgeMs: 120_000,
    isInherited: false,
  },
  {
    what: 'a thread that ended, of a process that lives',
    owner: { ...OTHER, thread: 3 },
    startedAt: '600',
    leaseAgeMs: 120_001,
    isInherited: true,
  },
  {
    what: 'a thread of a process that ended',
    owner: { ...OTHER, thread: 3 },
    startedAt: GONE,
    leaseAgeMs: 0,
    isInherited: true,
  },
  {
    what: 'a process of another machine that touches its lease',
    owner: { ...OTHER, machine: 'ba9876543210' },
    startedAt: GONE,
    leaseAgeMs: 120_000,
    isInherited: false,
  },
  {
    what: 'a process of another machine that touches its lease no more',
    owner: { ...OTHER, machine: 'ba9876543210' },
    startedAt: '600',
    leaseAgeMs: 120_001,
    isInherited: true,
  },
  {
    what: 'a process whose clock is far ahead',
    owner: { ...OTHER, machine: 'ba9876543210' },
    startedAt: '600',
    leaseAgeMs: -120_001,
    isInherited: true,
  },
  {
    what: 'a process that lives and of which nobody knows since when',
    owner: { ...OTHER, startedAt: '0' },
    startedAt: UNKNOWN,
    leaseAgeMs: 120_000,
    isInherited: false,
  },
  {
    what: 'the same, which touches its lease no more',
    owner: { ...OTHER, startedAt: '0' },
    startedAt: UNKNOWN,
    leaseAgeMs: 120_001,
    isInherited: true,
  },
  {
    what: 'another engine of this very thread',
    owner: SELF,
    startedAt: '700',
    leaseAgeMs: 86_400_000,
    isInherited: false,
  },
]

test.each(CASES)(
  'the part of $what: inherited is $isInherited',
  async ({ owner, startedAt, leaseAgeMs, isInherited }) => {
    const directory = freshDirectory()
    const clock = createManualClock()
    await testSpool({ directory, clock, processes: ownedBy(owner) }).write(reportsOf(3))
    const [lease = ''] = tree(directory).filter((path) => path.endsWith('lease'))
    const touchedAt = new Date(clock.wallClockMs() - leaseAgeMs)
    utimesSync(join(directory, lease), touchedAt, touchedAt)
    const spool = testSpool({ directory, clock, processes: seeing(startedAt) })
    expect(await spool.adopt()).toBe(isInherited ? 3 : 0)
    expect(spool.warnings).toEqual([])
  },
)

test('D-409: two engines of one thread have a part each, and inherit when the other is closed', async () => {
  const directory = freshDirectory()
  const processes = systemProcesses()
  const [one, two] = [1, 2].map(() => testSpool({ directory, processes })) as [
    ReturnType<typeof testSpool>,
    ReturnType<typeof testSpool>,
  ]
  await one.write(reportsOf(2, { name: 'one' }))
  await two.write(reportsOf(2, { name: 'two' }))
  expect([await one.adopt(), await two.adopt()]).toEqual([0, 0])
  await one.close()
  expect(await two.adopt()).toBe(2)
  expect(idsOf(await two.takeAll())).toEqual(['one-1', 'one-2'])
  two.closeSync()
  const three = testSpool({ directory, processes })
  expect(await three.adopt()).toBe(4)
})

test('D-503: an event loop blocked for 10 seconds, five times, costs no part', async () => {
  const directory = freshDirectory()
  const thread = { ...OTHER, thread: 1 }
  const blocked = testSpool({ directory, processes: ownedBy(thread) })
  await blocked.write(reportsOf(1))
  const other = testSpool({ directory, processes: seeing('600') })
  for (let block = 0; block < 5; block++) {
    // The other one looks before the timers of the blocked one have run.
    await other.clock.advance(10_000)
    expect(await other.adopt()).toBe(0)
    await blocked.clock.advance(10_000)
    await blocked.take({ reports: 1, bytes: 1 })
  }
  expect(blocked.forgotten).toEqual([])
})

test('the lease is touched every 15 seconds, and never keeps the process alive', async () => {
  const directory = freshDirectory()
  const spool = testSpool({ directory, processes: ownedBy({ ...OTHER, thread: 1 }) })
  const places = await spool.write(reportsOf(1))
  const other = testSpool({ directory, clock: spool.clock, processes: seeing('600') })
  for (let period = 0; period < 20; period++) {
    await spool.clock.advance(15_000)
    // Whatever the timer began is done before this answers.
    spool.rest(places ?? [])
    await spool.take({ reports: 1, bytes: 1 })
    expect(await other.adopt()).toBe(0)
  }
  expect(spool.clock.livingTimers).toBe(0)
})

test('an owner that slept too long begins a new part, and is told what it has lost', async () => {
  const directory = freshDirectory()
  const clock = createManualClock()
  const thread = { ...OTHER, thread: 1 }
  const slept = testSpool({ directory, clock, processes: ownedBy(thread) })
  const held = (await slept.write(reportsOf(2, { name: 'held' }))) ?? []
  slept.rest((await slept.write(reportsOf(3, { name: 'resting' }))) ?? [])
  // The clock of the machine went on, and no timer of a process that slept has run.
  const later = createManualClock('2026-01-01T01:00:00.000Z')
  const heir = testSpool({ directory, clock: later, processes: seeing('600') })
  expect(await heir.adopt()).toBe(5)

  const places = await slept.write(reportsOf(1, { name: 'new' }))
  expect(places).toHaveLength(1)
  expect(slept.forgotten).toEqual(held)
  expect([slept.dropped, slept.sizeReports, slept.state]).toEqual([[3], 1, 'ready'])
  expect(idsOf(await heir.takeAll())).toEqual([
    ...['held-1', 'held-2'],
    ...['resting-1', 'resting-2', 'resting-3'],
  ])
  slept.closeSync()
  expect(await heir.adopt()).toBe(1)
})

test('what a thread has inherited is its own from the first moment', async () => {
  const directory = freshDirectory()
  const clock = createManualClock()
  await testSpool({ directory, clock, processes: ownedBy({ ...OTHER, thread: 1 }) }).write(
    reportsOf(1),
  )
  await clock.advance(0)
  const later = createManualClock('2026-01-01T01:00:00.000Z')
  const [heir, rival] = [2, 3].map((thread) =>
    testSpool({ directory, clock: later, processes: ownedBy({ ...OTHER, thread }) }),
  )
  expect(await heir?.adopt()).toBe(1)
  expect(await rival?.adopt()).toBe(0)
})

test('this process is known by its number, its start and its thread', () => {
  const { self, startedAt } = systemProcesses()
  expect(self).toMatchObject({ pid: process.pid, thread: threadId })
  expect(startedAt(self.pid)).toBe(process.platform === 'linux' ? self.startedAt : UNKNOWN)
})

test.skipIf(process.platform !== 'linux')(
  'a process is known by when it began, and its machine by name, boot and namespace',
  async () => {
    const child = spawn('sleep', ['60'])
    const { self, startedAt } = systemProcesses()
    const pid = child.pid ?? 0
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')
    expect(startedAt(pid)).toBe(stat[21])
    expect(Number(self.startedAt)).toBeLessThanOrEqual(Number(stat[21]))
    expect(self.machine).toMatch(/^[0-9a-f]{12}$/)
    expect(self.machine).not.toBe(
      createHash('sha256').update(hostname()).digest('hex').slice(0, 12),
    )
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
    expect(startedAt(pid)).toBe(GONE)
  },
)

test.skipIf(process.platform !== 'linux')(
  'a process that ended is gone, although its parent has not asked how',
  async () => {
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'])
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(String(line))
    const { startedAt } = systemProcesses()
    expect(startedAt(pid)).toMatch(/^\d+$/)
    // The shell would ask; what it becomes does not.
    while (readFileSync(`/proc/${parent.pid}/comm`, 'utf8') !== 'sleep\n') await nextTurn()
    process.kill(pid, 'SIGKILL')
    // It ends as soon as the system comes to it.
    while (startedAt(pid) !== GONE) await nextTurn()
    expect(() => process.kill(pid, 0)).not.toThrow()
    parent.kill('SIGKILL')
  },
)

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
