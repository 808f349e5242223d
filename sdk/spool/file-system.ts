import fs, { type Stats } from 'node:fs'

/** The calls of `node:fs` that a spool makes, under the names and in the shapes they have there. */
export interface FileCalls {
  mkdir(path: string, options: { readonly recursive: boolean; readonly mode: number }): unknown
  chmod(path: string, mode: number): void
  lstat(path: string): Stats
  readdir(path: string): string[]
  open(path: string, flags: number, mode: number): number
  fstat(file: number): Stats
  fchmod(file: number, mode: number): void
  read(file: number, into: Uint8Array, offset: number, length: number, position: number): number
  write(file: number, bytes: Uint8Array, offset: number, length: number): number
  fdatasync(file: number): void
  fsync(file: number): void
  ftruncate(file: number, length: number): void
  close(file: number): void
  rename(from: string, to: string): void
  unlink(path: string): void
  rmdir(path: string): void
  lutimes(path: string, accessedAt: Date, changedAt: Date): void
}

export type FileCallName = keyof FileCalls

/** Makes each call in either of two ways: off the main thread, or at once. */
export interface FileSystem {
  call<Name extends FileCallName>(
    name: Name,
    ...given: Parameters<FileCalls[Name]>
  ): Promise<ReturnType<FileCalls[Name]>>
  callSync<Name extends FileCallName>(
    name: Name,
    ...given: Parameters<FileCalls[Name]>
  ): ReturnType<FileCalls[Name]>
}

/** All take what `FileCalls` says; those without `Sync` take a callback besides. */
const functions = fs as unknown as Readonly<Record<string, unknown>>

type Callback = (error: Error | null, outcome: unknown) => void

export const nodeFileSystem: FileSystem = Object.freeze<FileSystem>({
  call(name, ...given) {
    const work = functions[name] as (...given: [...unknown[], Callback]) => void
    return new Promise((resolve, reject) => {
      work(...given, (error, outcome) => {
        if (error) reject(error)
        else resolve(outcome as ReturnType<FileCalls[typeof name]>)
      })
    })
  },
  callSync(name, ...given) {
    const work = functions[`${name}Sync`] as (...given: unknown[]) => unknown
    return work(...given) as ReturnType<FileCalls[typeof name]>
  },
})
