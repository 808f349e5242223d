import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../peers/', import.meta.url))

/** Installs what the engine is measured beside into `bench/peers`, as its lock file says, if it is not there. */
export function installPeers() {
  const installed = `${folder}node_modules/.package-lock.json`
  const isThere =
    existsSync(installed) &&
    statSync(installed).mtimeMs >= statSync(`${folder}package-lock.json`).mtimeMs
  if (isThere) return
  console.error('installing what the engine is measured beside: npm ci in bench/peers')
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status === 0) return
  console.error(
    'bench/peers could not be installed; npm has said why. Without it nothing is compared.',
  )
  process.exit(1)
}

/** @param {string} name @returns {string} */
export function peerVersion(name) {
  return JSON.parse(readFileSync(`${folder}node_modules/${name}/package.json`, 'utf8')).version
}
