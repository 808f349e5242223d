import type { ExportRecord } from './records.ts'

/** Files of one organization that wait to be fetched. */
export interface MemoryExports {
  add(file: ExportRecord): void
  get(id: string): ExportRecord | undefined
}

const FILES = 32
const BYTES = 16_777_216

/** The newest, as far as there is room for them. */
export function createMemoryExports(): MemoryExports {
  const files = new Map<string, ExportRecord>()
  let bytes = 0
  return {
    add(file) {
      files.set(file.id, file)
      bytes += file.bytes.length
      for (const [id, oldest] of files) {
        if (files.size === 1 || (files.size <= FILES && bytes <= BYTES)) break
        files.delete(id)
        bytes -= oldest.bytes.length
      }
    },
    get: (id) => files.get(id),
  }
}
