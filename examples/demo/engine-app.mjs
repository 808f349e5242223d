// The shop with its engine: a temporary copy of the example, in which a downloaded engine is installed.
import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, sep } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const SHOP = fileURLToPath(new URL('../shop', import.meta.url))

const run = promisify(execFile)

/**
 * @typedef {object} Shop
 * @property {string} folder
 * @property {string} stateFolder Where its engine keeps on disk what it could not deliver.
 */

/**
 * Copies the example application with what express needs, and installs a downloaded engine into it
 * as a user would, without a network.
 *
 * @param {Uint8Array} tarball As TeamServer answered it.
 * @param {Shop} [before] The one that it takes the place of, on the same machine.
 * @returns {Promise<Shop & { remove(): Promise<void> }>}
 */
export async function installShop(tarball, before) {
  const folder = await mkdtemp(join(tmpdir(), 'shop-'))
  await cp(SHOP, folder, { recursive: true })
  await copyPackage('express', createRequire(import.meta.url), folder)
  await writeFile(join(folder, 'teamserver-engine.tgz'), tarball)
  await npm(['install', '--offline', './teamserver-engine.tgz'], folder)
  const stateFolder = before?.stateFolder ?? join(folder, 'state')
  return { folder, stateFolder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/**
 * Runs the installed application, sends it some visitors, and stops it.
 *
 * @param {Shop} shop
 * @returns {Promise<{ visits: readonly number[], status: import('teamserver-engine').EngineStatus, said: string }>}
 */
export async function visitShop({ folder, stateFolder }) {
  const app = fork('app.js', {
    cwd: folder,
    execArgv: ['--import', 'teamserver-engine/register'],
    env: { ...process.env, PORT: '0', XDG_STATE_HOME: stateFolder },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const { stdout, stderr } = app
  if (stdout === null || stderr === null) throw new Error('the application has no output')
  let said = ''
  stderr.on('data', (chunk) => {
    said += chunk
  })
  const [line] = await Promise.race([
    once(createInterface(stdout), 'line'),
    once(app, 'exit').then(() => [`the application ended: ${said}`]),
  ])
  const url = /http:\S+/.exec(line)?.[0]
  if (url === undefined) throw new Error(line)
  const visits = await visit(url)
  const [[status]] = await Promise.all([once(app, 'message'), once(app, 'exit'), app.kill()])
  return { visits, status, said }
}

/** What visitors of the shop do. @param {string} url */
async function visit(url) {
  const json = { 'content-type': 'application/json' }
  const requests = [
    fetch(url),
    ...[1, 2, 1, 2, 1, 7].map((id) => fetch(`${url}/products/${id}`)),
    ...[1, 2].map(() => fetch(`${url}/login`, { method: 'POST' })),
    fetch(`${url}/orders`, { method: 'POST', headers: json, body: '{"items":[1]}' }),
    ...[1, 2, 3].map((order) => fetch(`${url}/orders/${order}`)),
  ]
  const answers = await Promise.all(requests)
  await Promise.all(answers.map((answer) => answer.arrayBuffer()))
  return answers.map(({ status }) => status)
}

/**
 * Copies an installed package and what it depends on, so that no registry is needed.
 *
 * @param {string} name
 * @param {NodeJS.Require} from What looks it up.
 * @param {string} folder
 * @param {Set<string>} done
 */
async function copyPackage(name, from, folder, done = new Set()) {
  const source = packageFolder(name, from)
  // A nested copy keeps its place below the package that brought it.
  const place = source.slice(source.indexOf(`${sep}node_modules${sep}`) + 1)
  if (done.has(place)) return
  done.add(place)
  await cp(source, join(folder, place), { recursive: true })
  const inside = createRequire(join(source, 'package.json'))
  const { dependencies = {} } = inside('./package.json')
  for (const dependency of Object.keys(dependencies)) {
    await copyPackage(dependency, inside, folder, done)
  }
}

/**
 * @param {string} name
 * @param {NodeJS.Require} from
 */
function packageFolder(name, from) {
  const folders = from.resolve.paths(name) ?? []
  for (const folder of folders) {
    try {
      return dirname(from.resolve(join(folder, name, 'package.json')))
    } catch {
      // Not in this folder: the next one up.
    }
  }
  throw new Error(`${name} is not installed: run npm ci`)
}

/**
 * @param {readonly string[]} args
 * @param {string} cwd
 */
async function npm(args, cwd) {
  const { npm_execpath: script } = process.env
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
  if (script === undefined) await run('npm', [...args, ...quiet], { cwd })
  else await run(process.execPath, [script, ...args, ...quiet], { cwd })
}
