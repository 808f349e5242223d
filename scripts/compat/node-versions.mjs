import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustRunOn } from './processes.mjs'

/**
 * Installs a Node from the npm package `node`.
 *
 * @param {string} folder Where to; it is made.
 * @param {string} version A major, or all of it.
 * @returns The executable.
 */
export async function installNode(folder, version) {
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  const install = ['npm', 'install', `node@${version}`, ...quiet]
  await mustRunOn(process.execPath, install, { cwd: folder })
  return join(folder, 'node_modules/.bin/node')
}
