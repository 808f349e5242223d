import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/**
 * What is asked of a file system. All of it waits: a change is kept in one step, and nobody acts on
 * what may yet have to be taken back.
 */
export interface Files {
  open(path: string, flags: string, mode: number): number
  write(file: number, text: string): void
  sync(file: number): void
  close(file: number): void
  rename(from: string, to: string): void
  link(from: string, to: string): void
  unlink(path: string): void
  remove(path: string): void
}

export const FILES: Files = {
  open: openSync,
  write: writeFileSync,
  sync: fsyncSync,
  close: closeSync,
  rename: renameSync,
  link: linkSync,
  unlink: unlinkSync,
  remove: (path) => rmSync(path, { force: true }),
}

/** For its owner alone. */
const MODE = 0o600

/**
 * Replaces a file as a whole: whenever it fails or the machine stops, the file holds what it held
 * before or all of the text. Only one process at a time may do so, see `lockFile`.
 */
export function writeWhole(path: string, text: string, files: Files = FILES): void {
  const temporary = `${path}.tmp`
  writeTemporary(temporary, text, files)
  files.rename(temporary, path)
  syncFolder(path, files)
}

/** Makes a file as a whole, where none may be yet. @throws `EEXIST` */
export function createWhole(path: string, text: string, files: Files = FILES): void {
  const temporary = `${path}.tmp`
  writeTemporary(temporary, text, files)
  files.link(temporary, path)
  files.unlink(temporary)
  syncFolder(path, files)
}

function writeTemporary(temporary: string, text: string, files: Files): void {
  // One that a crash left behind.
  files.remove(temporary)
  const file = files.open(temporary, 'wx', MODE)
  try {
    files.write(file, text)
    files.sync(file)
  } finally {
    files.close(file)
  }
}

/** Makes the new name outlive a loss of power. Windows knows no such thing. */
function syncFolder(path: string, files: Files): void {
  if (process.platform === 'win32') return
  const folder = files.open(dirname(path), 'r', MODE)
  try {
    files.sync(folder)
  } finally {
    files.close(folder)
  }
}
