import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isObject, type JsonFile, type JsonObject, readJsonFile, textOf } from './json-file.ts'
import { licenseOf } from './license.ts'

/** What npm noted about one installed folder. */
export interface LockEntry {
  readonly name?: string
  readonly version?: string
  readonly license?: string
  /** Such as `sha512-…`. */
  readonly integrity?: string
}

/** By the folder's place, with slashes, such as `node_modules/a/node_modules/b`. */
export type LockEntries = ReadonlyMap<string, LockEntry>

/** The first tells what npm really installed here; the others what it was asked to. */
const NAMES = ['node_modules/.package-lock.json', 'npm-shrinkwrap.json', 'package-lock.json']

/** Parsing blocks the host: about 10 ms a MiB. */
const LIMIT_BYTES = 8 * 1_048_576

/**
 * Reads the first usable lock file of a folder, of `lockfileVersion` 1, 2 or 3.
 *
 * @param onUnreadable Told the name of each lock file that is damaged or larger than 8 MiB.
 * @returns Nothing at all where there is no usable one.
 * @see https://docs.npmjs.com/cli/v10/configuring-npm/package-lock-json
 */
export async function readLockFile(
  folder: string,
  onUnreadable: (file: string) => void,
): Promise<LockEntries> {
  for (const name of NAMES) {
    const file = await readLimited(join(folder, name))
    if (file.status === 'read') return entriesOf(file.value)
    if (file.status === 'unreadable') onUnreadable(name)
  }
  return new Map()
}

async function readLimited(path: string): Promise<JsonFile> {
  try {
    if ((await stat(path)).size > LIMIT_BYTES) return { status: 'unreadable' }
  } catch {
    return { status: 'absent' }
  }
  return readJsonFile(path)
}

function entriesOf(lock: JsonObject): LockEntries {
  const entries = new Map<string, LockEntry>()
  if (isObject(lock.packages)) addPackages(entries, lock.packages)
  else if (isObject(lock.dependencies)) addDependencies(entries, '', lock.dependencies)
  return entries
}

/** Versions 2 and 3: a flat list by place. */
function addPackages(entries: Map<string, LockEntry>, packages: JsonObject): void {
  for (const [place, value] of Object.entries(packages)) {
    if (!isObject(value)) continue
    entries.set(place, entryOf(value.name, value.version, value))
  }
}

/** Version 1: a tree, in which an alias has the version `npm:<name>@<version>`. */
function addDependencies(
  entries: Map<string, LockEntry>,
  parent: string,
  dependencies: JsonObject,
): void {
  for (const [key, value] of Object.entries(dependencies)) {
    if (!isObject(value)) continue
    const place = `${parent}node_modules/${key}`
    const alias = /^npm:(.+)@([^@]+)$/.exec(String(value.version))
    entries.set(place, entryOf(alias?.[1], alias?.[2] ?? value.version, value))
    if (isObject(value.dependencies)) addDependencies(entries, `${place}/`, value.dependencies)
  }
}

function entryOf(givenName: unknown, givenVersion: unknown, value: JsonObject): LockEntry {
  const name = textOf(givenName, 256)
  const version = textOf(givenVersion, 128)
  const license = licenseOf(value)
  const integrity = textOf(value.integrity, 256)
  return {
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
    ...(license !== undefined && { license }),
    ...(integrity !== undefined && { integrity }),
  }
}
