import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs'
import { codeOf } from '../caught-error.ts'

export type SmallFile =
  | {
      readonly status: 'read'
      readonly bytes: Buffer
      /** By every user of the machine; always false where files know no such thing. */
      readonly isReadableByAll: boolean
      /** Another one once the file has changed or something else stands in its place. */
      readonly stamp: string
    }
  | { readonly status: 'missing' }
  /** `why` follows the name of the file. */
  | { readonly status: 'unreadable'; readonly why: string }

/** The stamp of a place where nothing is. */
export const NO_FILE = 'none'

/** Reads a regular file of at most so many bytes. Never waits on a pipe, never reads a device. */
export function readSmallFile(path: string | URL, limitBytes: number): SmallFile {
  try {
    // Most files that are looked for are not there, and an error each would cost more than the look.
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return { status: 'missing' }
    // Without O_NONBLOCK, opening a pipe waits for its writer.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      return readOpen(file, limitBytes)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    const code = codeOf(error) ?? 'unknown error'
    if (code === 'ENOENT' || code === 'ENOTDIR') return { status: 'missing' }
    return { status: 'unreadable', why: `cannot be read (${code})` }
  }
}

/** What tells one state of a file from another: which one it is, its size, and when it was changed. */
export function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join('.')
}

function readOpen(file: number, limitBytes: number): SmallFile {
  const stat = fstatSync(file, { bigint: true })
  if (!stat.isFile()) return { status: 'unreadable', why: 'is no regular file' }
  // One byte more than allowed, since a file can grow between being measured and being read.
  const bytes = Buffer.alloc(Math.min(Number(stat.size), limitBytes) + 1)
  let length = 0
  for (let count = -1; count !== 0 && length < bytes.length; length += count) {
    count = readSync(file, bytes, length, bytes.length - length, null)
  }
  if (length > limitBytes) {
    return { status: 'unreadable', why: `is larger than ${limitBytes} bytes` }
  }
  const isReadableByAll = process.platform !== 'win32' && (Number(stat.mode) & 0o004) !== 0
  return {
    status: 'read',
    bytes: bytes.subarray(0, length),
    isReadableByAll,
    stamp: stampOf(stat),
  }
}
