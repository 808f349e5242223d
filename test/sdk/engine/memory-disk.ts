import type { Place } from '../../../sdk/buffer/queue.ts'
import type { openSpool } from '../../../sdk/engine/open-spool.ts'
import type {
  RecoveredReport,
  Spool,
  SpoolEvents,
  SpooledReport,
} from '../../../sdk/spool/spool.ts'

export interface MemoryDiskOptions {
  /** Past it the oldest record goes first. */
  readonly limitReports?: number
  /** Asked before each use: whether the disk fails it. */
  readonly isFailing?: (use: DiskUse) => boolean
  /** Waits before each asynchronous answer. @default one turn of the event loop */
  readonly wait?: () => Promise<void>
}

export type DiskUse = 'write' | 'writeSync' | 'take' | 'adopt'

/** A disk in memory: what it holds outlives the engines on it. */
export interface MemoryDisk {
  readonly openSpool: typeof openSpool
  /** Its engines are gone, however they ended. */
  loseEngines(): void
  /** What is on it, of whoever it is. */
  readonly ids: string[]
  /** All that was ever written. */
  readonly written: string[]
  readonly uses: readonly DiskUse[]
}

interface Record extends SpooledReport {
  readonly place: Place
  state: 'held' | 'resting'
}

interface Part {
  readonly destination: string
  isOwned: boolean
  records: Record[]
}

export function createMemoryDisk(options: MemoryDiskOptions = {}): MemoryDisk {
  const { limitReports = Number.POSITIVE_INFINITY, wait = oneTurn } = options
  const parts = new Set<Part>()
  const written: string[] = []
  const uses: DiskUse[] = []

  function isFailing(use: DiskUse): boolean {
    uses.push(use)
    return options.isFailing?.(use) ?? false
  }

  function open(destination: string, events: SpoolEvents): Spool {
    const part: Part = { destination, isOwned: true, records: [] }
    let state: Spool['state'] = 'ready'
    let lastSegment = 0
    parts.add(part)

    function resting(): Record[] {
      return part.records.filter((record) => record.state === 'resting')
    }

    function add(reports: readonly SpooledReport[]): readonly Place[] {
      lastSegment += 1
      const places = reports.map((_, index) => ({ segment: lastSegment, index }))
      for (const [index, { id, type, json, sizeBytes }] of reports.entries()) {
        const place = places[index] as Place
        part.records.push({ id, type, json, sizeBytes, place, state: 'held' })
        written.push(json)
      }
      const surplus = part.records.splice(0, Math.max(0, part.records.length - limitReports))
      const held = surplus.filter((record) => record.state === 'held')
      if (held.length > 0) events.onForgotten(held.map(({ place }) => place))
      if (held.length < surplus.length) events.onDropped(surplus.length - held.length, 'full')
      return places
    }

    function change(places: readonly Place[], to: Record['state'] | 'gone'): void {
      const texts = new Set(places.map(textOf))
      if (to === 'gone') {
        part.records = part.records.filter(({ place }) => !texts.has(textOf(place)))
        return
      }
      for (const record of part.records) if (texts.has(textOf(record.place))) record.state = to
    }

    function letGo(): void {
      state = 'closed'
      part.isOwned = false
      for (const record of part.records) record.state = 'resting'
    }

    function isNotTaken(use: DiskUse): boolean {
      if (state === 'closed') return true
      state = isFailing(use) ? 'failing' : 'ready'
      return state === 'failing'
    }

    return {
      get state() {
        return state
      },
      get restingReports() {
        return resting().length
      },
      get sizeReports() {
        return part.records.length
      },
      get sizeBytes() {
        return part.records.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
      },
      quarantinedReports: 0,
      async write(reports) {
        await wait()
        return isNotTaken('write') ? undefined : add(reports)
      },
      writeSync: (reports) => (isNotTaken('writeSync') ? undefined : add(reports)),
      rest: (places) => change(places, 'resting'),
      async take(limits) {
        await wait()
        if (state === 'closed' || isFailing('take')) return []
        const taken: RecoveredReport[] = []
        let sizeBytes = 0
        for (const record of resting().slice(0, limits.reports)) {
          sizeBytes += record.sizeBytes
          if (taken.length > 0 && sizeBytes > limits.bytes) break
          record.state = 'held'
          taken.push(record)
        }
        await wait()
        return taken
      },
      settle: (places) => change(places, 'gone'),
      async adopt() {
        await wait()
        if (state === 'closed' || isFailing('adopt')) return 0
        const left = [...parts].filter((each) => !each.isOwned && each.destination === destination)
        const adopted = left.flatMap(({ records }) => records)
        for (const each of left) parts.delete(each)
        lastSegment += 1
        part.records.unshift(
          ...adopted.map((record, index) => ({
            ...record,
            place: { segment: lastSegment, index },
            state: 'resting' as const,
          })),
        )
        return adopted.length
      },
      async close() {
        await wait()
        letGo()
      },
      closeSync: letGo,
    }
  }

  return {
    openSpool: (directory, { url, credentials }, _, events) =>
      open(`${directory} ${url} ${credentials.agentUserName}`, events),
    loseEngines() {
      for (const part of parts) {
        part.isOwned = false
        for (const record of part.records) record.state = 'resting'
      }
    },
    get ids() {
      return [...parts].flatMap(({ records }) => records.map(({ id }) => id))
    },
    written,
    uses,
  }
}

function textOf({ segment, index }: Place): string {
  return `${segment}:${index}`
}

function oneTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
