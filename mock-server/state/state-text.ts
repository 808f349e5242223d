import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { KeptState } from './kept-state.ts'

const FORMAT = 'mock-teamserver state'

/** Raised with each change that an older mock could not read. */
const VERSION = 1

/** What came of reading a state. */
export type ReadState =
  | { readonly status: 'read'; readonly state: KeptState }
  /** Why not, as the end of a sentence about the file. */
  | { readonly status: 'unreadable'; readonly why: string }

/** Writes a state as JSON, with a check value that only the holder of the server secret can make. */
export function writeState(state: KeptState, serverSecret: Buffer): string {
  const plain = toPlain(state)
  const check = checkOf(JSON.stringify(plain), serverSecret).toString('hex')
  return `${JSON.stringify({ format: FORMAT, version: VERSION, check, state: plain }, null, 1)}\n`
}

/** Reads what `writeState` wrote with the same server secret, and nothing else. */
export function readState(text: string, serverSecret: Buffer): ReadState {
  const document = parse(text)
  if (document === undefined) return unreadable('is cut off or no JSON')
  if (document.format !== FORMAT) return unreadable('is no state of a mock TeamServer')
  if (typeof document.version === 'number' && document.version > VERSION) {
    return unreadable(`is of version ${document.version}, and this mock reads up to ${VERSION}`)
  }
  const expected = checkOf(JSON.stringify(document.state) ?? '', serverSecret)
  const found = Buffer.from(typeof document.check === 'string' ? document.check : '', 'hex')
  const isOurs = found.length === expected.length && timingSafeEqual(found, expected)
  if (document.version !== VERSION || !isOurs) {
    return unreadable('was changed by hand, or belongs to another key file')
  }
  // The check value says that we wrote it: there is nothing left to validate.
  const state = fromPlain(document.state) as Omit<KeptState, 'keyUses'> & Partial<KeptState>
  // States of before kept no uses.
  return { status: 'read', state: { ...state, keyUses: state.keyUses ?? [] } }
}

function unreadable(why: string): ReadState {
  return { status: 'unreadable', why }
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined
  } catch {
    return undefined
  }
}

function checkOf(text: string, serverSecret: Buffer): Buffer {
  const key = Buffer.from(hkdfSync('sha256', serverSecret, '', 'state-check', 32))
  return createHmac('sha256', key).update(text, 'utf8').digest()
}

/** What JSON has no words for stands as an object with one field that names its kind. */
function toPlain(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.toISOString() }
  if (Buffer.isBuffer(value)) return { $bytes: value.toString('base64') }
  if (value instanceof Map) return { $map: [...value].map(toPlain) }
  if (value instanceof Set) return { $set: [...value].map(toPlain) }
  if (Array.isArray(value)) return value.map(toPlain)
  return isRecord(value) ? mapValues(value, toPlain) : value
}

function fromPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromPlain)
  if (!isRecord(value)) return value
  if (typeof value.$date === 'string') return new Date(value.$date)
  if (typeof value.$bytes === 'string') return Buffer.from(value.$bytes, 'base64')
  if (Array.isArray(value.$map)) return new Map(value.$map.map(fromPlain) as [unknown, unknown][])
  if (Array.isArray(value.$set)) return new Set(value.$set.map(fromPlain))
  return mapValues(value, fromPlain)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function mapValues(
  value: Readonly<Record<string, unknown>>,
  change: (value: unknown) => unknown,
): Record<string, unknown> {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return Object.fromEntries(entries.map(([name, each]) => [name, change(each)]))
}
