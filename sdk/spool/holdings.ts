import type { Place } from '../buffer/queue.ts'
import type { Part } from './part.ts'
import type { RecordState } from './record-table.ts'
import type { Segment } from './segment.ts'
import type { SpoolEvents, SpoolLoss } from './spool.ts'

/** All that this engine has on disk, as memory knows it. */
export interface Holdings {
  readonly parts: ReadonlySet<Part>
  /** The oldest first. */
  readonly segments: readonly Segment[]
  readonly restingRecords: number
  readonly liveRecords: number
  readonly sizeBytes: number
  /** Where new files go; absent until there is one, and once it is gone. */
  readonly ownPart: Part | undefined
  takeNumber(): number
  addPart(part: Part): void
  /** Also the one where new files go from now on. */
  addOwnPart(part: Part): void
  add(segment: Segment): void
  /** What others left behind is older than anything of ours. */
  addInFront(segments: readonly Segment[]): void
  /** Changes records that are in one state to another. Of what is not there any more, nothing is said. */
  change(places: readonly Place[], from: RecordState, to: RecordState): void
  /** These must not be sent any more. */
  settle(places: readonly Place[]): void
  /** Gives up the records of a segment, whose file may still be there. */
  giveUp(segment: Segment, why: SpoolLoss): void
  /** Its file is gone. */
  remove(segment: Segment): void
  /** Somebody else has it, or nobody: its records are no longer ours. */
  losePart(part: Part): void
  removePart(part: Part): void
}

export function liveRecordsOf({ records }: Segment): number {
  return records.heldRecords + records.restingRecords
}

export function createHoldings(events: SpoolEvents): Holdings {
  const parts = new Set<Part>()
  let segments: Segment[] = []
  const byNumber = new Map<number, Segment>()
  let ownPart: Part | undefined
  let lastNumber = 0

  function sum(measure: (segment: Segment) => number): number {
    return segments.reduce((total, segment) => total + measure(segment), 0)
  }

  function remove(segment: Segment): void {
    byNumber.delete(segment.number)
    segments = segments.filter((each) => each !== segment)
  }

  function removePart(part: Part): void {
    parts.delete(part)
    if (part === ownPart) ownPart = undefined
  }

  function giveUp({ number, records }: Segment, why: SpoolLoss): void {
    const { restingRecords } = records
    const held = records.indicesOf('held')
    for (const index of [...held, ...records.indicesOf('resting')]) records.change(index, 'gone')
    if (held.length > 0) events.onForgotten(held.map((index) => ({ segment: number, index })))
    if (restingRecords > 0) events.onDropped(restingRecords, why)
  }

  return {
    parts,
    get segments() {
      return segments
    },
    get restingRecords() {
      return sum(({ records }) => records.restingRecords)
    },
    get liveRecords() {
      return sum(liveRecordsOf)
    },
    get sizeBytes() {
      return sum(({ sizeBytes }) => sizeBytes)
    },
    get ownPart() {
      return ownPart
    },
    takeNumber() {
      lastNumber += 1
      return lastNumber
    },
    addPart: (part) => void parts.add(part),
    addOwnPart(part) {
      parts.add(part)
      ownPart = part
    },
    add(segment) {
      segments = [...segments, segment]
      byNumber.set(segment.number, segment)
    },
    addInFront(adopted) {
      segments = [...adopted, ...segments]
      for (const segment of adopted) byNumber.set(segment.number, segment)
    },
    change(places, from, to) {
      for (const { segment, index } of places) {
        const records = byNumber.get(segment)?.records
        if (records?.stateOf(index) === from) records.change(index, to)
      }
    },
    settle(places) {
      for (const { segment: number, index } of places) {
        const segment = byNumber.get(number)
        if (segment === undefined || segment.records.stateOf(index) === 'gone') continue
        segment.records.change(index, 'gone')
        segment.unwritten.push(index)
      }
    },
    giveUp,
    remove,
    losePart(part) {
      removePart(part)
      for (const segment of segments.filter((each) => each.part === part)) {
        giveUp(segment, 'gone')
        remove(segment)
      }
    },
    removePart,
  }
}
