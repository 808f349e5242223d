import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * What is measured beside ours, in a folder with a lock file of its own.
 *
 * @param {string} name A folder of `bench/`.
 */
export function peersIn(name) {
  const folder = fileURLToPath(new URL(`../${name}/`, import.meta.url))
  return {
    folder,
    /** Installs it as its lock file says, if it is not there. */
    install() {
      const installed = `${folder}node_modules/.package-lock.json`
      const isThere =
        existsSync(installed) &&
        statSync(installed).mtimeMs >= statSync(`${folder}package-lock.json`).mtimeMs
      if (isThere) return
      console.error(`installing what is measured beside ours: npm ci in bench/${name}`)
      const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      if (status === 0) return
      console.error(
        `bench/${name} could not be installed; npm has said why. Without it nothing is compared.`,
      )
      process.exit(1)
    },
    /** @param {string} packageName @returns {string} */
    version: (packageName) =>
      JSON.parse(readFileSync(`${folder}node_modules/${packageName}/package.json`, 'utf8')).version,
  }
}
