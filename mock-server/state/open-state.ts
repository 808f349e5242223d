import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { codeOf } from '../caught-error.ts'
import { TeamServerError } from '../errors.ts'
import { EMPTY_STATE, type KeptState } from './kept-state.ts'
import { lockFile } from './lock-file.ts'
import { readState, writeState } from './state-text.ts'
import { createWhole, FILES, type Files, writeWhole } from './write-whole.ts'

const SECRET_BYTES = 32

/** A state file that this process holds. */
export interface OpenedState {
  /** What the keys of the state were digested and sealed with. */
  readonly serverSecret: Buffer
  /** As it stood in the file. */
  readonly loaded: KeptState
  /**
   * Replaces what the file holds, and returns once it would outlive a loss of power.
   *
   * @throws `ERR_STATE_FILE`; the file then holds what it held.
   */
  save(state: KeptState): void
  /** Lets other processes have it. */
  close(): void
}

/**
 * Opens a state file, or makes one where none is. The server secret stands beside it, in `FILE.key`:
 * the state file alone shows no key.
 *
 * @throws `ERR_STATE_FILE`, naming the file and the way out; then nothing was changed.
 */
export function openState(given: string, files: Files = FILES): OpenedState {
  const file = realPath(given)
  const close = lockFile(file)
  try {
    const serverSecret = secretBeside(file, files)
    const isThere = existsSync(file)
    let kept = isThere ? readText(file) : writeState(EMPTY_STATE, serverSecret)
    if (!isThere) attempt(file, 'made', () => createWhole(file, kept, files))
    const read = readState(kept, serverSecret)
    if (read.status === 'unreadable') {
      throw broken(file, `it ${read.why}; put it back, or move it and ${keyOf(file)} away`)
    }
    let isOpen = true
    return {
      serverSecret,
      loaded: read.state,
      save(state) {
        if (!isOpen) throw broken(file, 'it was closed with its TeamServer')
        const text = writeState(state, serverSecret)
        attempt(file, 'written', () => {
          try {
            writeWhole(file, text, files)
          } catch (error) {
            // It may have failed after the new text was in place.
            if (readFileSync(file, 'utf8') !== kept) writeWhole(file, kept, files)
            throw error
          }
        })
        kept = text
      },
      close() {
        isOpen = false
        close()
      },
    }
  } catch (error) {
    close()
    throw error
  }
}

/** A symbolic link is followed, so that the file it leads to is the one that is replaced. */
function realPath(given: string): string {
  if (typeof given !== 'string' || given === '') {
    throw new TeamServerError('ERR_OPTION_INVALID', 'the state file must be a path')
  }
  if (!existsSync(given)) return resolve(given)
  const file = realpathSync(given)
  if (!statSync(file).isFile()) throw broken(file, 'it is no regular file')
  return file
}

/** Reads the server secret; makes one where neither it nor a state is. */
function secretBeside(file: string, files: Files): Buffer {
  const key = keyOf(file)
  if (!existsSync(key)) {
    if (existsSync(file)) {
      throw broken(
        key,
        `it is missing, and ${file} cannot be read without it; put it back, or move ${file} away`,
      )
    }
    const made = randomBytes(SECRET_BYTES)
    attempt(key, 'made', () => createWhole(key, `${made.toString('base64')}\n`, files))
    return made
  }
  const text = readText(key).trim()
  const secret = Buffer.from(text, 'base64')
  if (secret.length !== SECRET_BYTES || secret.toString('base64') !== text) {
    throw broken(key, `it is no key file; put the right one back, or move it and ${file} away`)
  }
  attempt(key, 'kept from others', () => chmodSync(key, 0o600))
  return secret
}

function keyOf(file: string): string {
  return `${file}.key`
}

function readText(file: string): string {
  return attempt(file, 'read', () => readFileSync(file, 'utf8'))
}

function attempt<Result>(file: string, what: string, work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    throw new TeamServerError(
      'ERR_STATE_FILE',
      `${file}: it cannot be ${what} (${codeOf(cause) ?? 'unknown error'})`,
      {
        cause,
      },
    )
  }
}

function broken(file: string, what: string): TeamServerError {
  return new TeamServerError('ERR_STATE_FILE', `${file}: ${what}`)
}
