import { join } from 'node:path'
import { codeOf } from '../caught-error.ts'
import { type AdoptedSegment, adoptSegment } from './adopted-segment.ts'
import { isDirectory, UnsafeError } from './guarded-files.ts'
import type { Holdings } from './holdings.ts'
import { type Part, type Parts, partsAmong } from './part.ts'
import type { Quarantine } from './quarantine.ts'
import type { RecordFormat } from './record-format.ts'
import { type Segment, segmentNamesAmong } from './segment.ts'
import { ask, type Work } from './work.ts'

export interface AdoptionOptions {
  readonly directory: string
  readonly destination: string
  readonly holdings: Holdings
  readonly parts: Parts
  readonly format: RecordFormat
  readonly quarantine: Quarantine
  onWarning(kind: string, line: string): void
  /** @param lostRecords What the damage has cost. */
  onDamage(path: string, lostRecords: number): void
  isEnding(): boolean
}

/** What was found; it is not in the holdings yet. */
export interface Adopted {
  /** In order. */
  readonly segments: readonly Segment[]
  /** All of their files are among the segments. */
  readonly parts: readonly Part[]
}

/**
 * Takes over the parts that nobody owns any more. What could not be read is tried again with the
 * next call.
 *
 * @throws UnsafeError When the spool directory itself is not safe.
 */
export function* adoptParts(options: AdoptionOptions): Work<Adopted> {
  const { directory, destination, holdings, parts, onWarning } = options

  function* takeOverAll(): Work<void> {
    let foreignParts = 0
    for (const { name, parsed } of partsAmong(yield* ask('readdir', directory))) {
      if (isOurs(name) || !(yield* isAbandoned(name, parsed))) continue
      if (parsed.destination !== destination) {
        foreignParts += 1
        continue
      }
      try {
        const part = yield* parts.takeOver(name)
        if (part !== undefined) holdings.addPart(part)
      } catch (error) {
        warnOf(join(directory, name), error)
      }
    }
    if (foreignParts > 0) {
      onWarning(
        'foreign-parts',
        `${directory} has reports for another URL or agent user name (parts: ${foreignParts}). They are kept there, and an engine with those settings delivers them`,
      )
    }
  }

  function isOurs(name: string): boolean {
    return [...holdings.parts].some((part) => part.name === name)
  }

  function* isAbandoned(...given: Parameters<Parts['isAbandoned']>): Work<boolean> {
    try {
      return yield* parts.isAbandoned(...given)
    } catch {
      // Its owner has just come back, or gone; or nobody can tell now.
      return false
    }
  }

  function* readPart(part: Part): Work<void> {
    let isComplete = true
    for (const name of segmentNamesAmong(yield* ask('readdir', part.path))) {
      if (part.knownFiles.has(name)) continue
      if (options.isEnding()) return
      try {
        const adopted = yield* adoptSegment(
          { number: holdings.takeNumber(), part, name },
          options.format,
          options.quarantine,
        )
        part.knownFiles.add(name)
        if (adopted === undefined) warnOfFile(join(part.path, name))
        else segments.push(noted(adopted))
      } catch (error) {
        warnOf(join(part.path, name), error)
        if (error instanceof UnsafeError) part.knownFiles.add(name)
        else isComplete = false
      }
    }
    if (isComplete) read.push(part)
  }

  function noted({ segment, isDamaged, lostRecords }: AdoptedSegment): Segment {
    if (isDamaged) options.onDamage(segment.path, lostRecords)
    return segment
  }

  function warnOfFile(path: string): void {
    onWarning(
      'foreign-file',
      `${path} is for something else, or of another version: it is left as it is`,
    )
  }

  function warnOf(path: string, error: unknown): void {
    if (error instanceof UnsafeError) {
      onWarning(
        'unsafe',
        `not used, since others could have forged what is in it: ${error.message}`,
      )
    } else {
      onWarning(
        'unreadable',
        `${path} cannot be taken over now (${codeOf(error) ?? 'unknown error'})`,
      )
    }
  }

  const segments: Segment[] = []
  const read: Part[] = []
  if (!(yield* isDirectory(directory))) return { segments, parts: read }
  yield* takeOverAll()
  for (const part of holdings.parts) {
    if (part.isRead) continue
    try {
      yield* readPart(part)
    } catch (error) {
      warnOf(part.path, error)
    }
  }
  return { segments, parts: read }
}
