import type { Dirent } from 'node:fs'
import { readdir, realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'

/** One folder in which a library should stand. */
export interface InstalledFolder {
  /** What a program imports it by: `name` or `@scope/name`. */
  readonly key: string
  /** The path without links. */
  readonly path: string
  /** Where it was found, relative to the home, with slashes: `node_modules/a/node_modules/b`. */
  readonly place: string
  /** It stands in the home's own `node_modules`. */
  readonly isTop: boolean
}

/**
 * Walks the `node_modules` of a home and all that is nested in them, top level first.
 *
 * Links are followed; pnpm keeps what a package needs beside the real folder, so that is walked too.
 *
 * @param home A path without links.
 * @param seen Real paths that were given already; each new one is added, so that no link makes a loop.
 */
export async function* installedFolders(
  home: string,
  seen: Set<string>,
): AsyncGenerator<InstalledFolder, void, void> {
  // Grows while it is walked.
  const modules: string[] = []
  const add = async (path: string) => {
    const real = await realPathOf(path)
    if (real === undefined || seen.has(real)) return
    seen.add(real)
    modules.push(real)
  }

  await add(join(home, 'node_modules'))
  const [top] = modules
  for (const folder of modules) {
    const parent = slashed(relative(home, folder))
    for await (const { key, path } of packagesIn(folder)) {
      if (seen.has(path)) continue
      seen.add(path)
      yield { key, path, place: `${parent}/${key}`, isTop: folder === top }
      await add(join(path, 'node_modules'))
      const beside = storeFolderOf(path)
      if (beside !== undefined) await add(beside)
    }
  }
}

/** @returns The path without links, or `undefined` where nothing is. */
export async function realPathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path)
  } catch {
    return undefined
  }
}

async function* packagesIn(folder: string): AsyncGenerator<{ key: string; path: string }> {
  for (const entry of await foldersIn(folder)) {
    if (!entry.name.startsWith('@')) {
      const path = await targetOf(folder, entry)
      if (path !== undefined) yield { key: entry.name, path }
      continue
    }
    const scope = await targetOf(folder, entry)
    if (scope === undefined) continue
    for (const scoped of await foldersIn(scope)) {
      const path = await targetOf(scope, scoped)
      if (path !== undefined) yield { key: `${entry.name}/${scoped.name}`, path }
    }
  }
}

/** Folders and links; what starts with a dot (`.bin`, `.pnpm`, caches) is no library. */
async function foldersIn(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.filter(
      (entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isSymbolicLink()),
    )
  } catch {
    return []
  }
}

async function targetOf(folder: string, entry: Dirent): Promise<string | undefined> {
  const path = join(folder, entry.name)
  return entry.isSymbolicLink() ? realPathOf(path) : path
}

/** `…/node_modules/.pnpm/a@1.0.0/node_modules`, for the path of the `a` in it. */
function storeFolderOf(path: string): string | undefined {
  if (!path.includes(`${sep}node_modules${sep}.`)) return undefined
  const parent = dirname(path)
  const folder = basename(parent).startsWith('@') ? dirname(parent) : parent
  return basename(folder) === 'node_modules' ? folder : undefined
}

export function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/')
}
