import type { Quarantine } from './quarantine.ts'
import type { RecordFormat, Region } from './record-format.ts'
import { appendNote, type Segment } from './segment.ts'
import type { Work } from './work.ts'

/** Damaged bytes of a file. */
export interface Damage {
  readonly segment: Segment
  /** As whoever reads the file anew finds them. */
  readonly regions: readonly Region[]
  readonly pieces: readonly Buffer[]
}

const NEW_LINE = Buffer.from('\n')

/** Puts damaged bytes into quarantine, and has the file say so: the next heir does not find them again. */
export function* setAside(
  { segment, regions, pieces }: Damage,
  quarantine: Quarantine,
  format: RecordFormat,
): Work<void> {
  try {
    yield* quarantine.keep(Buffer.concat(pieces.flatMap((piece) => [piece, NEW_LINE])))
    yield* appendNote(segment, format.setAside(regions))
  } catch {
    segment.isToBeLeft = true
  }
}
