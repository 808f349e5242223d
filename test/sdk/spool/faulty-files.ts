import type { FileCallName, FileSystem } from '../../../sdk/spool/file-system.ts'
import { nodeFileSystem } from '../../../sdk/spool/file-system.ts'

export interface FaultyFiles extends FileSystem {
  /** Calls made since the last `failAt()`. */
  readonly calls: FileCallName[]
  /** From 1; that call alone, or with `isForGood` all from it on. */
  failAt(nth: number, fault: Fault, options?: { readonly isForGood: boolean }): void
  mend(): void
  /** Settles with the first call that is never answered. */
  readonly crashed: Promise<undefined>
}

/**
 * A code of the system; a write that takes half, whose rest meets a full disk; or an end: nothing is
 * answered any more.
 */
export type Fault =
  | 'EACCES'
  | 'EDQUOT'
  | 'EIO'
  | 'EMFILE'
  | 'ENOSPC'
  | 'EROFS'
  | 'short write'
  | 'crash'

/** The real file system, of which single calls fail. */
export function createFaultyFiles(): FaultyFiles {
  let calls: FileCallName[] = []
  let isFaulty = (_turn: number) => false
  let fault: Fault = 'EIO'
  let isRestFailing = false
  let crash = () => {}
  const crashed = new Promise<undefined>((resolve) => {
    crash = () => resolve(undefined)
  })

  function takeTurn(name: FileCallName): Fault | undefined {
    calls.push(name)
    const isRest = isRestFailing && name === 'write'
    isRestFailing = false
    if (isRest) return 'ENOSPC'
    if (!isFaulty(calls.length)) return undefined
    if (fault === 'crash') crash()
    isRestFailing = fault === 'short write' && name === 'write'
    return fault
  }

  return {
    crashed,
    get calls() {
      return calls
    },
    failAt(nth, given, options) {
      calls = []
      fault = given
      isFaulty = options?.isForGood ? (turn) => turn >= nth : (turn) => turn === nth
    },
    mend() {
      isFaulty = () => false
      isRestFailing = false
    },
    call(name, ...given) {
      const found = takeTurn(name)
      if (found === undefined) return nodeFileSystem.call(name, ...given)
      if (found === 'crash') return new Promise(() => {})
      // A descriptor is gone even if closing it fails.
      if (name === 'close') nodeFileSystem.callSync(name, ...given)
      if (found !== 'short write') return Promise.reject(errorOf(name, found))
      if (name === 'close') return Promise.resolve(undefined as never)
      if (name !== 'write') return nodeFileSystem.call(name, ...given)
      return nodeFileSystem.call('write', ...half(given)) as Promise<never>
    },
    callSync(name, ...given) {
      const found = takeTurn(name)
      if (found === undefined) return nodeFileSystem.callSync(name, ...given)
      if (found === 'crash') throw new Error('a process that has ended makes no calls')
      if (found !== 'short write') throw errorOf(name, found)
      if (name !== 'write') return nodeFileSystem.callSync(name, ...given)
      return nodeFileSystem.callSync('write', ...half(given)) as never
    },
  }
}

function errorOf(name: FileCallName, code: Fault): Error {
  return Object.assign(new Error(`${code}: ${name}`), { code })
}

function half(given: readonly unknown[]): [number, Uint8Array, number, number] {
  const [file, bytes, offset, length] = given as [number, Uint8Array, number, number]
  return [file, bytes, offset, Math.floor(length / 2)]
}
