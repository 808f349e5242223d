import { createSpool } from '../../../sdk/spool/create-spool.ts'
import type { FileSystem } from '../../../sdk/spool/file-system.ts'
import { nodeFileSystem } from '../../../sdk/spool/file-system.ts'
import { processAlone } from '../spool/test-spool.ts'
import type { MemoryDisk } from './memory-disk.ts'

/**
 * A real spool on real files, of which each call is made at once: what happens in which order depends on
 * nothing but the clock of the test. Every engine is a process of its own, and all before it have ended.
 */
export function createSteadyDisk(
  directory: string,
  { files = nodeFileSystem, limitBytes = 67_108_864 } = {},
): Pick<MemoryDisk, 'openSpool'> {
  return {
    openSpool: (_, { url, credentials }, clock, events) =>
      createSpool({
        directory,
        destination: `${url} ${credentials.agentUserName}`,
        limitBytes,
        clock,
        events,
        files: atOnce(files),
        processes: processAlone(),
      }),
  }
}

function atOnce(files: FileSystem): FileSystem {
  return {
    call: async (name, ...given) => files.callSync(name, ...given),
    callSync: (name, ...given) => files.callSync(name, ...given),
  }
}
