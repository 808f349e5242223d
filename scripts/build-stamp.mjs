// Says whether dist/ was made from the sources as they are.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './esbuild-options.mjs'

/** The file in dist/ with the hash of what it was made from. Not part of the package. */
export const STAMP = '.inputs'

export function inputsHash() {
  const hash = createHash('sha256')
  for (const file of inputFiles()) hash.update(`${file}\0`).update(readFileSync(`${root}${file}`))
  return hash.digest('hex')
}

export function isBuilt() {
  const stamp = join(root, 'dist', STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === inputsHash()
}

function inputFiles() {
  const inFolders = ['sdk', 'mock-server', 'scripts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      // What the build itself makes is no input of it.
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.generated.js'))
      .map(({ parentPath, name }) => relative(root, join(parentPath, name))),
  )
  const alone = [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.types.json',
    'docs/pre-fitted-engine.md',
  ]
  return [...inFolders, ...alone].sort()
}
