import { EngineError } from '../errors.ts'
import { type CredentialSet, parseCredentialSet } from './credential-set.ts'
import { readSmallFile } from './small-file.ts'

/** The credentials that came with the download, if this engine was downloaded. */
export type PrefittedRead =
  | { readonly status: 'none' }
  | { readonly status: 'read'; readonly values: CredentialSet }
  | { readonly status: 'broken'; readonly problem: EngineError }

/** How people read of them. */
export const PREFITTED = 'the pre-fitted credentials'

/**
 * How a download carries its credentials, put here by its build: `'file'`, in `credentials.json`
 * beside the folder of the bundle; any other text, as that JSON itself. The plain package has none.
 */
declare const TEAMSERVER_ENGINE_PREFITTED: string | undefined

const FILE_LIMIT_BYTES = 16_384

/** Reads the credentials that this engine came with. Never makes any. */
export function readPrefitted(
  carried = typeof TEAMSERVER_ENGINE_PREFITTED === 'undefined'
    ? undefined
    : TEAMSERVER_ENGINE_PREFITTED,
  file?: URL,
): PrefittedRead {
  if (carried === undefined) return { status: 'none' }
  if (carried !== 'file') return readJson(carried)
  const path = file ?? new URL('../credentials.json', import.meta.url)
  const read = readSmallFile(path, FILE_LIMIT_BYTES)
  if (read.status === 'read') return readJson(read.bytes.toString())
  return broken(`credentials.json ${read.status === 'missing' ? 'is missing' : read.why}`)
}

function readJson(json: string): PrefittedRead {
  // Not spelled out, lest a download that puts its JSON in place of the placeholder finds it here.
  if (/^@@\w+@@$/.test(json.trim())) return broken('the placeholder is still in place')
  const set = parseCredentialSet(json)
  if (set.status === 'read') return { status: 'read', values: set.value }
  return broken(`the set ${set.why}`)
}

function broken(why: string): PrefittedRead {
  const text = `${PREFITTED} are damaged: ${why}. Download the engine again`
  return { status: 'broken', problem: new EngineError('ERR_PREFITTED_INVALID', text) }
}
