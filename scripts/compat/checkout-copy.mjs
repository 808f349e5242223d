import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../esbuild-options.mjs'
import { mustRunOn } from './processes.mjs'

/**
 * Copies the checkout as it stands, installs it with other majors of what it works with, and builds it.
 *
 * @param {string} folder Where to; it is made.
 * @param {import('./rows.mjs').Peers} peers
 */
export async function copyCheckout(folder, peers) {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const files = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0')
  mkdirSync(folder, { recursive: true })
  for (const file of files) {
    // What git knows may be deleted and not yet committed.
    if (file !== '' && existsSync(join(root, file))) cpSync(join(root, file), join(folder, file))
  }
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await mustRunOn(process.execPath, ['npm', 'ci', ...quiet], { cwd: folder })
  const others = Object.entries(peers).map(([name, major]) => `${name}@${major}`)
  if (others.length > 0) {
    await mustRunOn(process.execPath, ['npm', 'install', ...others, ...quiet], { cwd: folder })
    // The lock file says what is installed; the manifest is that of the checkout, as tests have it.
    cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  }
  await mustRunOn(process.execPath, ['node', 'scripts/build.mjs'], { cwd: folder })
}

/**
 * The version that a copy has installed.
 *
 * @param {string} folder
 * @param {string} name
 * @returns {string}
 */
export function installedVersion(folder, name) {
  return JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'))
    .version
}
