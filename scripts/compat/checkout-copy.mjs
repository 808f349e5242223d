import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
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
  const isChanged = override(join(folder, 'package.json'), peers)
  const install = isChanged ? ['install'] : ['ci']
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  await mustRunOn(process.execPath, ['npm', ...install, ...quiet], { cwd: folder })
  await mustRunOn(process.execPath, ['node', 'scripts/build.mjs'], { cwd: folder })
}

/**
 * Puts the wanted majors into a package.json that asks for others.
 *
 * @param {string} file
 * @param {import('./rows.mjs').Peers} peers
 */
function override(file, peers) {
  const before = readFileSync(file, 'utf8')
  const manifest = JSON.parse(before)
  for (const [name, major] of Object.entries(peers)) {
    const list = name in manifest.dependencies ? manifest.dependencies : manifest.devDependencies
    if (!list[name].startsWith(`^${major}.`)) list[name] = `^${major}.0.0`
  }
  const after = `${JSON.stringify(manifest, null, 2)}\n`
  writeFileSync(file, after)
  return after !== before
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
