import type { SpooledReport } from './spool.ts'

/**
 * A file of records is lines of ASCII and UTF-8, each
 *
 *     <crc32, 8 hex digits> <kind> <length of the rest in bytes> <rest>\n
 *
 * The checksum covers what stands between it and the line's end, and starts from one of the
 * destination: a line of another destination, or of another version of this format, is never intact.
 * The first line is the header, which anyone can read: its checksum starts from nothing.
 */
export const FORMAT_VERSION = 1

export type Line =
  | { readonly kind: 'header'; readonly isOurs: boolean }
  | { readonly kind: 'record'; readonly index: number }
  /** Records that must not be sent any more. */
  | { readonly kind: 'settled'; readonly indices: readonly number[] }
  /** Damaged bytes of this file that were put into quarantine. */
  | { readonly kind: 'set-aside'; readonly regions: readonly Region[] }

/** From a byte up to, not including, another. */
export interface Region {
  readonly start: number
  readonly end: number
}

export type Scanned =
  | (Region & { readonly line: Line })
  /** Bytes that no intact line covers. */
  | (Region & { readonly line: undefined })

export interface RecordFormat {
  header(): string
  record(index: number, report: SpooledReport): string
  settled(indices: readonly number[]): string
  setAside(regions: readonly Region[]): string
  /**
   * Reads line by line; after a damaged one it goes on with the next that is intact.
   *
   * @yields All bytes but blank ones, in their order.
   */
  scan(bytes: Buffer): Generator<Scanned, void, undefined>
  /** @returns The report of a record that is intact and has this index. */
  parseRecord(bytes: Buffer, index: number): SpooledReport | undefined
}

/** @param destination A hash: what the records of a file are for. */
export function createRecordFormat(destination: string): RecordFormat {
  const { crc32 } = process.getBuiltinModule('node:zlib')
  const headerText = `teamserver-engine-spool ${FORMAT_VERSION} ${destination}`
  const seed = crc32(headerText)

  function encode(kind: string, rest: string, checksumStart = seed): string {
    const covered = `${kind} ${Buffer.byteLength(rest)} ${rest}`
    return `${hex(crc32(covered, checksumStart))} ${covered}\n`
  }

  function readLine(bytes: Buffer, start: number): IntactLine | undefined {
    const head = HEAD.exec(bytes.toString('latin1', start, start + HEAD_BYTES))
    if (head === null) return undefined
    const [{ length: headBytes }, checksum, kind, length] = head
    const restStart = start + headBytes
    const end = restStart + Number(length)
    if (end > bytes.length) return undefined
    const covered = bytes.subarray(start + CHECKSUM_BYTES, end)
    const found = crc32(covered, kind === 'H' ? 0 : seed)
    return hex(found) === checksum ? { kind, restStart, end } : undefined
  }

  function parse(bytes: Buffer, { kind, restStart, end }: IntactLine): Line | undefined {
    if (kind === 'R') {
      const index = Number.parseInt(
        bytes.toString('latin1', restStart, restStart + INDEX_BYTES),
        10,
      )
      return { kind: 'record', index }
    }
    const rest = bytes.toString('utf8', restStart, end)
    if (kind === 'H') return { kind: 'header', isOurs: rest === headerText }
    if (kind === 'S') return { kind: 'settled', indices: parseIndices(rest) }
    if (kind === 'D') return { kind: 'set-aside', regions: parseRegions(rest) }
    return undefined
  }

  return {
    header: () => encode('H', headerText, 0),
    record: (index, { id, type, json }) => encode('R', `${index} ${id} ${type} ${json}`),
    settled: (indices) => encode('S', formatIndices(indices)),
    setAside: (regions) => encode('D', regions.map(({ start, end }) => `${start}-${end}`).join()),
    *scan(bytes) {
      let damagedFrom: number | undefined
      let start = 0
      while (start < bytes.length) {
        if (damagedFrom === undefined && bytes[start] === NEW_LINE) {
          start += 1
          continue
        }
        const intact = readLine(bytes, start)
        const line = intact && parse(bytes, intact)
        if (intact && line) {
          if (damagedFrom !== undefined) yield { start: damagedFrom, end: start, line: undefined }
          damagedFrom = undefined
          yield { start, end: intact.end, line }
          start = intact.end
          // The line is whole; of its end alone nothing is lost.
          const isEndDamaged = start < bytes.length && bytes[start] !== NEW_LINE
          const next = start + 1
          if (isEndDamaged && (next === bytes.length || readLine(bytes, next))) start = next
        } else {
          damagedFrom ??= start
          const lineEnd = bytes.indexOf(NEW_LINE, start)
          start = lineEnd === -1 ? bytes.length : lineEnd + 1
        }
      }
      if (damagedFrom !== undefined)
        yield { start: damagedFrom, end: bytes.length, line: undefined }
    },
    parseRecord(bytes, index) {
      const intact = readLine(bytes, 0)
      if (intact?.kind !== 'R' || intact.end !== bytes.length) return undefined
      const rest = bytes.toString('utf8', intact.restStart, intact.end)
      const [head, found, id, type] = RECORD.exec(rest) ?? []
      if (head === undefined || id === undefined || type === undefined) return undefined
      if (Number(found) !== index) return undefined
      const json = rest.slice(head.length)
      return { id, type, json, sizeBytes: intact.end - intact.restStart - head.length }
    },
  }
}

interface IntactLine {
  readonly kind: string | undefined
  readonly restStart: number
  readonly end: number
}

const NEW_LINE = 0x0a
/** Eight digits and a space. */
const CHECKSUM_BYTES = 9
const HEAD = /^([0-9a-f]{8}) ([A-Z]) (\d{1,8}) /
const HEAD_BYTES = 20
const INDEX_BYTES = 10
const RECORD = /^(\d+) (\S+) (\S+) /

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0')
}

/** Runs are written as such: `0-99,104`. */
function formatIndices(indices: readonly number[]): string {
  const runs: { first: number; last: number }[] = []
  for (const index of indices) {
    const run = runs.at(-1)
    if (run !== undefined && index === run.last + 1) run.last = index
    else runs.push({ first: index, last: index })
  }
  return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join()
}

function parseIndices(text: string): number[] {
  return text.split(',').flatMap((run) => {
    const [first = 0, last = first] = run.split('-').map(Number)
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset)
  })
}

function parseRegions(text: string): Region[] {
  return text.split(',').map((region) => {
    const [start = 0, end = start] = region.split('-').map(Number)
    return { start, end }
  })
}
