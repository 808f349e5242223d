import { basename, dirname, join, resolve } from 'node:path'
import { text } from './kinds.ts'
import { readSmallFile } from './small-file.ts'

const FILE_LIMIT_BYTES = 1_048_576

/** What can be found out about an application from where it lies. */
export interface FoundApplication {
  /** The folder of its package.json, else the one where the search began. */
  readonly root: string
  /** Its package.json, if there is one with a name. */
  readonly file?: string
  /** The `name` of package.json, else that of the folder. */
  readonly name: string
  readonly version?: string
}

/**
 * Looks for the package.json of an application, from a folder upward. One without a name is passed
 * by: it only says how the files beside it are to be loaded.
 */
export function findApplication(start: string): FoundApplication {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    const { name, version } = readPackage(file)
    if (name !== undefined) {
      return { root: folder, file, name, ...(version === undefined ? {} : { version }) }
    }
    if (folder === dirname(folder)) break
  }
  const root = resolve(start)
  return { root, name: asText(basename(root)) ?? 'application' }
}

/** A broken file tells nothing, and is for the application itself to stumble over. */
function readPackage(file: string): { name?: string | undefined; version?: string | undefined } {
  const read = readSmallFile(file, FILE_LIMIT_BYTES)
  if (read.status !== 'read') return {}
  try {
    const { name, version } = JSON.parse(read.bytes.toString())
    return { name: asText(name), version: asText(version) }
  } catch {
    return {}
  }
}

const identity = text(255)

function asText(value: unknown): string | undefined {
  const reading = identity.fromValue(value)
  return reading.status === 'read' ? reading.value : undefined
}
