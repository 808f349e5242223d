import { createSpool } from '../../../sdk/spool/create-spool.ts'
import type { FileSystem } from '../../../sdk/spool/file-system.ts'
import { nodeFileSystem } from '../../../sdk/spool/file-system.ts'
import { processAlone } from '../spool/test-spool.ts'
import type { MemoryDisk } from './memory-disk.ts'

export interface SteadyDiskOptions {
  readonly files?: FileSystem
  readonly limitBytes?: number
  /** Whether the process is no more: what it was at is never answered. */
  readonly hasEnded?: () => boolean
}

/**
 * A real spool on real files, of which each call is made at once: what happens in which order depends on
 * nothing but the clock of the test. Every engine is a process of its own, and all before it have ended.
 */
export function createSteadyDisk(
  directory: string,
  options: SteadyDiskOptions = {},
): Pick<MemoryDisk, 'openSpool'> {
  const { files = nodeFileSystem, limitBytes = 67_108_864, hasEnded = () => false } = options
  return {
    openSpool: (_, { url, credentials }, clock, events) =>
      createSpool({
        directory,
        destination: `${url} ${credentials.agentUserName}`,
        limitBytes,
        clock,
        events,
        files: atOnce(files, hasEnded),
        processes: processAlone(),
      }),
  }
}

function atOnce(files: FileSystem, hasEnded: () => boolean): FileSystem {
  return {
    async call(name, ...given) {
      return hasEnded() ? new Promise(() => {}) : files.callSync(name, ...given)
    },
    callSync: (name, ...given) => files.callSync(name, ...given),
  }
}
