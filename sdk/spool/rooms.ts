import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import type { AdoptionOptions } from './adoption.ts'
import type { Holdings } from './holdings.ts'
import { createParts } from './part.ts'
import { type Processes, systemProcesses } from './processes.ts'
import { createQuarantine } from './quarantine.ts'
import type { ReaderOptions } from './reader.ts'
import { createRecordFormat } from './record-format.ts'
import type { SpoolEvents } from './spool.ts'
import { createUpkeep, type Upkeep } from './upkeep.ts'
import { createWriter, type Writer } from './writer.ts'

/** Below the spool directory. */
export const QUARANTINE = 'quarantine'

/** What works with the files. */
export interface Rooms {
  readonly upkeep: Upkeep
  readonly writer: Writer
  /** One that begins with a file of its own, and leaves those of the other alone. */
  makeWriter(): Writer
  readonly reader: ReaderOptions
  readonly adoption: AdoptionOptions
}

export interface RoomsOptions {
  readonly directory: string
  readonly destination: string
  readonly limitBytes: number
  readonly clock: Clock
  readonly events: SpoolEvents
  readonly processes?: Processes
  readonly holdings: Holdings
  onDamage(path: string, lostReports: number): void
  warnOnce(kind: string, line: string): void
  isEnding(): boolean
}

/** Loads parts of Node, so it is for the first use. */
export function createRooms(options: RoomsOptions): Rooms {
  const { directory, clock, events, limitBytes, holdings, onDamage, warnOnce, isEnding } = options
  const { createHash } = process.getBuiltinModule('node:crypto')
  const destination = createHash('sha256').update(options.destination).digest('hex').slice(0, 16)
  const { processes = systemProcesses() } = options
  const format = createRecordFormat(destination)
  const parts = createParts({ directory, destination, processes, clock })
  const quarantine = createQuarantine(join(directory, QUARANTINE), clock)
  const upkeep = createUpkeep({ limitBytes, holdings, parts, format })
  const writing = { directory, limitBytes, holdings, parts, format }
  const { onDropped } = events
  return {
    upkeep,
    writer: createWriter({ ...writing, upkeep }),
    makeWriter: () => createWriter({ ...writing, upkeep: { ...upkeep, *makeRoom() {} } }),
    reader: { clock, holdings, format, quarantine, upkeep, onDamage, onDropped },
    adoption: {
      directory,
      destination,
      holdings,
      parts,
      format,
      quarantine,
      onWarning: warnOnce,
      onDamage,
      isEnding,
    },
  }
}
