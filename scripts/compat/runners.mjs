import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installedVersion } from './checkout-copy.mjs'
import { mustRunOn, runOn } from './processes.mjs'

const FILES = fileURLToPath(new URL('runners', import.meta.url))

/** Where `node --test` has a global setup. */
const FIRST_WITH_GLOBAL_SETUP = 24

/**
 * Runs an application that starts its own engine in jest, as CommonJS and as modules, and in
 * `node --test` where that has a global setup.
 *
 * @param {string} node
 * @param {string} folder One in which the package is installed.
 * @returns {Promise<string>} What became of each, in a few words.
 */
export async function tryRunners(node, folder) {
  cpSync(FILES, join(folder, 'runners'), { recursive: true })
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
  await mustRunOn(node, ['npm', 'install', 'jest', ...quiet], { cwd: folder })
  const jest = `jest ${installedVersion(folder, 'jest')}`
  const version = await mustRunOn(node, ['node', '--version'], { cwd: folder })
  const outcomes = [
    await run(jest, ...jestCommand('commonjs', 'cjs')),
    await run(`${jest} modules`, ...jestCommand('module', 'mjs')),
    ...(Number.parseInt(version.slice(1), 10) < FIRST_WITH_GLOBAL_SETUP
      ? []
      : [await run('node --test', NODE_TEST)]),
  ]
  return outcomes.join(', ')

  /**
   * @param {string} name
   * @param {readonly string[]} command
   * @param {Readonly<Record<string, string>>} [env]
   */
  async function run(name, command, env) {
    const where = { cwd: join(folder, 'runners'), ...(env === undefined ? {} : { env }) }
    const { code, stdout, stderr } = await runOn(node, command, where)
    if (code === 0) return name
    console.error(`  ${name} ended with ${code}:\n${stdout}\n${stderr}`)
    return `${name} fails`
  }
}

/**
 * @param {string} name
 * @param {string} extension
 * @returns {[readonly string[], Readonly<Record<string, string>>]}
 */
function jestCommand(name, extension) {
  const config = {
    globalSetup: `./setup.${extension}`,
    globalTeardown: `./teardown.${extension}`,
    testMatch: [`**/jest-${name}.test.${extension}`],
    moduleFileExtensions: ['js', 'cjs', 'mjs', 'json'],
    transform: {},
  }
  const jest = ['node', '../node_modules/jest/bin/jest.js', '--rootDir', '.', '--config']
  return [[...jest, JSON.stringify(config)], { NODE_OPTIONS: MODULES[extension] ?? '' }]
}

/** jest runs modules in realms of its own alone. @type {Readonly<Record<string, string>>} */
const MODULES = { mjs: '--experimental-vm-modules' }

const NODE_TEST = ['node', '--test', '--test-global-setup=setup.mjs', 'node.test.mjs']
