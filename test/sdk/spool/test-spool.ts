import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { Place } from '../../../sdk/buffer/queue.ts'
import { createSpool, type SpoolOptions } from '../../../sdk/spool/create-spool.ts'
import { GONE, type Owner, type Processes } from '../../../sdk/spool/processes.ts'
import type { RecoveredReport, Spool, SpooledReport } from '../../../sdk/spool/spool.ts'
import { createManualClock, type ManualClock } from '../engine/manual-clock.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A folder of its own for each test; the spool directory in it is not there yet. */
export function freshDirectory(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spool-'))
  folders.push(folder)
  return join(folder, 'spool')
}

export interface TestSpool extends Spool {
  readonly clock: ManualClock
  /** `kind: line` of each warning. */
  readonly warnings: string[]
  readonly forgotten: Place[]
  readonly dropped: number[]
  /** Takes all that rests, and nothing of it back. */
  takeAll(): Promise<RecoveredReport[]>
}

export type TestSpoolOptions = Partial<SpoolOptions> & {
  readonly directory: string
  readonly clock?: ManualClock
}

/** A spool of a process of its own: those that ended are named by `processAlone()`. */
export function testSpool(options: TestSpoolOptions): TestSpool {
  const { clock = createManualClock() } = options
  const warnings: string[] = []
  const forgotten: Place[] = []
  const dropped: number[] = []
  const spool = createSpool({
    destination: 'https://teamserver.test/Contrast/api\nagent_1@Shop',
    limitBytes: 64 * 1_048_576,
    processes: processAlone(),
    events: {
      onDropped: (count) => void dropped.push(count),
      onState() {},
      onQuarantined() {},
      onForgotten: (places) => void forgotten.push(...places),
      onWarning: (kind, line) => void warnings.push(`${kind}: ${line}`),
    },
    ...options,
    clock,
  })
  return Object.assign(Object.create(spool) as Spool, {
    clock,
    warnings,
    forgotten,
    dropped,
    async takeAll() {
      const taken: RecoveredReport[] = []
      for (;;) {
        const some = await spool.take({ reports: 100, bytes: 1_048_576 })
        if (some.length === 0) return taken
        taken.push(...some)
      }
    },
  })
}

/** When processes of tests began. */
export const STARTED_AT = '77'

let lastPid = 1_000

/** The only process of its machine: all others have ended. */
export function processAlone(owner: Partial<Owner> = {}): Processes {
  lastPid += 1
  const self = { machine: '0123456789ab', pid: lastPid, startedAt: STARTED_AT, thread: 0, ...owner }
  return { self, startedAt: (pid) => (pid === self.pid ? self.startedAt : GONE) }
}

/** Reports with ids of their own, or with `<name>-1`, `<name>-2`, … */
export function reportsOf(count: number, { name = '', bytes = 0 } = {}): SpooledReport[] {
  return Array.from({ length: count }, (_, index) => {
    const id = name === '' ? randomUUID() : `${name}-${index + 1}`
    const json = JSON.stringify({
      id,
      type: 'finding',
      title: 'Ünter & Söhne 🗝'.padEnd(bytes, '.'),
    })
    return { id, type: 'finding', json, sizeBytes: Buffer.byteLength(json) }
  })
}

export function idsOf(reports: readonly { readonly id: string }[]): string[] {
  return reports.map(({ id }) => id)
}

/** A report as it went in. */
export function bare({ id, type, json, sizeBytes }: SpooledReport): SpooledReport {
  return { id, type, json, sizeBytes }
}

/** Every path below a directory. */
export function tree(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()
}

/** The files of records, the oldest first. */
export function segmentsIn(directory: string): string[] {
  return tree(directory)
    .filter((path) => path.endsWith('.spool'))
    .map((path) => join(directory, path))
}

export function quarantinedIn(directory: string): Buffer[] {
  return tree(directory)
    .filter((path) => path.endsWith('.damaged'))
    .map((path) => readFileSync(join(directory, path)))
}

export function bytesIn(directory: string): number {
  return segmentsIn(directory).reduce((sum, path) => sum + statSync(path).size, 0)
}
