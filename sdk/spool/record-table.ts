import type { Region } from './record-format.ts'

/** `gone`: settled, damaged or never there. */
export type RecordState = 'gone' | 'held' | 'resting'

/** What is known in memory of the records of one file: where each is, and who has it. */
export interface RecordTable {
  readonly heldRecords: number
  readonly restingRecords: number
  /** The index of the next new record. */
  readonly nextIndex: number
  add(index: number, region: Region, state: RecordState): void
  stateOf(index: number): RecordState
  change(index: number, state: RecordState): void
  regionOf(index: number): Region
  /** The first records at rest, in their order, as long as `isWanted` says so. */
  restingWhile(isWanted: (index: number) => boolean): number[]
  indicesOf(state: RecordState): number[]
}

export function createRecordTable(): RecordTable {
  // Plain lists of small numbers: there may be a quarter of a million records.
  const starts: number[] = []
  const ends: number[] = []
  const states: number[] = []
  const counts = [0, 0, 0]
  // None before this one rests.
  let firstResting = 0

  function setState(index: number, code: number): void {
    const before = states[index] ?? GONE
    counts[before] = (counts[before] ?? 0) - 1
    counts[code] = (counts[code] ?? 0) + 1
    states[index] = code
    if (code === RESTING && index < firstResting) firstResting = index
  }

  function stateOf(index: number): RecordState {
    return STATES[states[index] ?? GONE] ?? 'gone'
  }

  return {
    get heldRecords() {
      return counts[HELD] ?? 0
    },
    get restingRecords() {
      return counts[RESTING] ?? 0
    },
    get nextIndex() {
      return states.length
    },
    add(index, { start, end }, state) {
      while (states.length < index) {
        starts.push(0)
        ends.push(0)
        states.push(GONE)
      }
      starts[index] = start
      ends[index] = end
      setState(index, STATES.indexOf(state))
    },
    stateOf,
    change(index, state) {
      if (index < states.length) setState(index, STATES.indexOf(state))
    },
    regionOf: (index) => ({ start: starts[index] ?? 0, end: ends[index] ?? 0 }),
    restingWhile(isWanted) {
      const found: number[] = []
      for (let index = firstResting; index < states.length; index++) {
        if (states[index] !== RESTING) {
          if (found.length === 0) firstResting = index + 1
          continue
        }
        if (!isWanted(index)) break
        found.push(index)
      }
      return found
    },
    indicesOf(state) {
      const code = STATES.indexOf(state)
      return states.flatMap((each, index) => (each === code ? [index] : []))
    },
  }
}

const STATES: readonly RecordState[] = ['gone', 'held', 'resting']
const GONE = 0
const HELD = 1
const RESTING = 2
