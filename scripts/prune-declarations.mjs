// Takes the declarations away that no entry of the package leads to.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/**
 * @param {string} folder Where `tsc` put them.
 * @param {readonly string[]} entries Files in it.
 */
export function pruneDeclarations(folder, entries) {
  const wanted = new Set(entries.map((entry) => resolve(folder, entry)))
  for (const file of wanted) {
    for (const target of targetsOf(readFileSync(file, 'utf8'))) {
      const found = declarationOf(resolve(dirname(file), target))
      if (found !== undefined) wanted.add(found)
    }
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    if (entry.isFile() && !wanted.has(resolve(file))) rmSync(file)
  }
  removeEmpty(folder)
}

/** @param {string} text */
function targetsOf(text) {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g)].map(
    ([, target]) => /** @type {string} */ (target),
  )
}

/** @param {string} file As it is imported. */
function declarationOf(file) {
  const names = [file.replace(/\.[cm]?[jt]s$/, '.d.ts'), `${file}.d.ts`, file]
  return names.find((name) => name.endsWith('.d.ts') && existsSync(name))
}

/** @param {string} folder */
function removeEmpty(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmpty(join(folder, entry.name))
  }
  if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true })
}
