import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installedVersion } from './checkout-copy.mjs'
import { mustRunOn, runOn } from './processes.mjs'

export const FAILED_INSTALL = 'fails'

const APP = fileURLToPath(new URL('fresh-install-app.mjs', import.meta.url))

/**
 * Installs the package where nothing is, for production, with the newest versions in range, and starts it:
 * one report has to be accepted and one, without the organization API key, refused.
 *
 * @param {string} node
 * @param {string} folder Where to; it is made.
 * @param {string} tarball
 * @returns {Promise<string>} What became of it, in a few words.
 */
export async function tryFreshInstall(node, folder, tarball) {
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{"name":"fresh","private":true}')
  copyFileSync(APP, join(folder, 'app.mjs'))
  const where = { cwd: folder, env: { NODE_ENV: 'production' } }
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
  await mustRunOn(node, ['npm', 'install', tarball, ...quiet], where)
  const command = 'node_modules/teamserver-engine/dist/mock-server/mock-teamserver.js'
  const run = ['node', command, 'run', '--api-key', 'on', '--json', '--', 'node', 'app.mjs']
  const { code, stderr } = await runOn(node, run, where)
  const isRight = code === 0 && isAsExpected(stderr.trimEnd().split('\n').at(-1) ?? '')
  if (!isRight) console.error(`  the fresh install ended with ${code}:\n${stderr}`)
  return isRight ? `works, undici ${installedVersion(folder, 'undici')}` : FAILED_INSTALL
}

/** @param {string} line The summary of `mock-teamserver run --json`. */
function isAsExpected(line) {
  if (!line.startsWith('{')) return false
  const { ledger, refusals } = JSON.parse(line)
  const reasons = refusals.map((/** @type {{ reason: string }} */ { reason }) => reason)
  return ledger.accepted === 1 && new Set(reasons).size === 1 && reasons[0] === 'api-key-wrong'
}
