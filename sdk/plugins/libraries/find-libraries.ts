import { dirname, join, relative, resolve } from 'node:path'
import { readDeclared } from './declared.ts'
import { type InstalledFolder, installedFolders, realPathOf, slashed } from './installed-folders.ts'
import { readJsonFile, textOf } from './json-file.ts'
import { licenseOf } from './license.ts'
import { type LockEntries, type LockEntry, readLockFile } from './lock-file.ts'

/** One library as it is installed. */
export interface Library {
  readonly name: string
  readonly version?: string
  readonly license?: string
  /** Integrity of the package, such as `sha512-…`; absent when no lock file tells. */
  readonly hash?: string
  /** Absent when the application has no readable package.json. */
  readonly dependency?: 'direct' | 'transitive'
  /** The folder, relative to the application, with slashes. */
  readonly file: string
}

/**
 * Finds what is truly installed, in whatever way it came there, each real folder once.
 *
 * The folders decide; a lock file only adds what they do not say (integrity, licence), and only
 * where it speaks of the same version. Where a dependency of the application is not in its own
 * `node_modules`, those of the folders above count too, as they do for Node (workspaces).
 *
 * It reads one file at a time: the host's own reads wait behind one of these at most.
 *
 * @param root The application's folder.
 * @param onUnreadable Told each file that is damaged, relative to `root`; it costs only itself.
 */
export async function* findLibraries(
  root: string,
  onUnreadable: (file: string) => void,
): AsyncGenerator<Library, void, void> {
  const application = await realPathOf(resolve(root))
  if (application === undefined) return
  const declared = await readDeclared(application)
  const wanted = new Set(declared?.names)
  // The application is no library of its own, even where a workspace links to it.
  const seen = new Set([application])

  for (const home of [application, ...foldersAbove(application)]) {
    const missing = declared?.required.filter((name) => wanted.has(name)) ?? []
    if (home !== application && !(await holdsOneOf(home, missing))) continue

    const fromApplication = (name: string) => slashed(relative(application, join(home, name)))
    let lock: LockEntries | undefined
    for await (const folder of installedFolders(home, seen)) {
      lock ??= await readLockFile(home, (name) => onUnreadable(fromApplication(name)))
      const file = fromApplication(folder.place)
      const library = await readLibrary(folder, lock.get(folder.place), () =>
        onUnreadable(`${file}/package.json`),
      )
      if (library === undefined) continue
      // The nearest is the one that the application gets.
      const isDirect = folder.isTop && wanted.delete(folder.key)
      yield {
        ...library,
        ...(declared !== undefined && { dependency: isDirect ? 'direct' : 'transitive' }),
        file,
      }
    }
  }
}

/** @returns `undefined` where neither the folder nor the lock file knows of a library. */
async function readLibrary(
  folder: InstalledFolder,
  locked: LockEntry | undefined,
  onUnreadable: () => void,
): Promise<Omit<Library, 'file' | 'dependency'> | undefined> {
  const manifest = await readJsonFile(join(folder.path, 'package.json'))
  if (manifest.status === 'unreadable') onUnreadable()
  const stated = manifest.status === 'read' ? manifest.value : undefined
  if (stated === undefined && locked === undefined) return undefined

  const version = textOf(stated?.version, 128) ?? locked?.version
  const known = locked?.version === version ? locked : undefined
  const license = known?.license ?? (stated && licenseOf(stated))
  return {
    name: textOf(stated?.name, 256) ?? locked?.name ?? folder.key,
    ...(version !== undefined && { version }),
    ...(license !== undefined && { license }),
    ...(known?.integrity !== undefined && { hash: known.integrity }),
  }
}

async function holdsOneOf(home: string, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    if ((await realPathOf(join(home, 'node_modules', name))) !== undefined) return true
  }
  return false
}

function foldersAbove(folder: string): string[] {
  const parent = dirname(folder)
  return parent === folder ? [] : [parent, ...foldersAbove(parent)]
}
