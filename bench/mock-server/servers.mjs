import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import { mockoonEnvironment, prismDocument, wireMockMapping } from './peer-settings.mjs'
import { FIXED_CREDENTIALS, REPORTS_PATH, reportBody } from './report.mjs'

/**
 * A server that can be measured, started the way its own pages show.
 *
 * @typedef {object} ServerEntry
 * @property {string} name
 * @property {boolean} isNode
 * @property {(folder: string) => Promise<{ command: string, argv: string[], port?: number }>} plan
 *   With a port, it says nothing when it is ready; else its first line of JSON has the address.
 */

/**
 * A server that has taken a report.
 *
 * @typedef {object} RunningServer
 * @property {string} url Where reports go.
 * @property {Record<string, string>} headers
 * @property {number} startedMs From the start of the process to the answer to the first report.
 * @property {() => number} residentMiB
 * @property {() => Promise<void>} stop
 */

const file = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))
const node = (/** @type {string[]} */ ...argv) => ({ command: process.execPath, argv })

/** @type {ServerEntry} */
export const FLOOR = {
  name: 'bare node:http',
  isNode: true,
  plan: async () => node(file('./servers/bare.mjs')),
}

/** @type {ServerEntry} */
export const MOCK = {
  name: 'mock TeamServer',
  isNode: true,
  plan: async () =>
    node(
      file('../../dist/mock-server/mock-teamserver.js'),
      ...['--port', '0', '--api-key', 'on', '--json'],
    ),
}

/** @param {string} peersFolder @returns {ServerEntry[]} */
export function peerServers(peersFolder) {
  const modules = join(peersFolder, 'node_modules')
  return [
    {
      name: 'fastify',
      isNode: true,
      plan: async () => node(join(peersFolder, 'fastify.mjs')),
    },
    {
      name: 'Mockoon CLI',
      isNode: true,
      async plan(folder) {
        const port = await freePort()
        const data = join(folder, 'mockoon.json')
        writeFileSync(data, JSON.stringify(mockoonEnvironment(port)))
        const cli = join(modules, '@mockoon/cli/bin/run.js')
        const options = ['--data', data, '--port', String(port), '--disable-log-to-file']
        return { ...node(cli, 'start', ...options), port }
      },
    },
    {
      name: 'Prism',
      isNode: true,
      async plan(folder) {
        const port = await freePort()
        const document = join(folder, 'prism.json')
        writeFileSync(document, JSON.stringify(prismDocument()))
        const cli = join(modules, '@stoplight/prism-cli/dist/index.js')
        const options = ['--host', '127.0.0.1', '--port', String(port), '--verboseLevel', 'silent']
        return { ...node(cli, 'mock', ...options, document), port }
      },
    },
    ...wireMock(join(modules, 'wiremock/build')),
  ]
}

/** Needs Java, and is left out where there is none. @param {string} build @returns {ServerEntry[]} */
function wireMock(build) {
  if (spawnSync('java', ['-version']).status !== 0) {
    console.error(
      'WireMock is left out: it needs Java. On Debian and Ubuntu: apt-get install default-jre-headless',
    )
    return []
  }
  const jar = readdirSync(build).find((name) => name.endsWith('.jar')) ?? ''
  return [
    {
      name: 'WireMock',
      isNode: false,
      async plan(folder) {
        const port = await freePort()
        const options = ['--port', String(port), '--bind-address', '127.0.0.1']
        const root = join(folder, 'wiremock')
        wireMockMapping(root)
        const argv = ['-jar', join(build, jar), ...options, '--root-dir', root, '--disable-banner']
        return { command: 'java', argv, port }
      },
    },
  ]
}

/** @param {ServerEntry} entry @param {string} folder @returns {Promise<RunningServer>} */
export async function startServer({ name, plan }, folder) {
  const { command, argv, port } = await plan(folder)
  const startedAt = performance.now()
  const child = spawn(command, argv, {
    cwd: folder,
    stdio: ['ignore', port === undefined ? 'pipe' : 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, HOME: folder, NODE_ENV: 'production' },
  })
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr = `${stderr}${text}`.slice(-2_000)
  })
  const ended = once(child, 'exit')
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  const address =
    port === undefined ? await firstLine(child) : { url: `http://127.0.0.1:${port}/Contrast` }
  const url = `${new URL(address.url).origin}${REPORTS_PATH}`
  const headers = { ...credentialsOf(address), 'content-type': 'application/json' }

  for (let turn = 0; ; turn++) {
    if (isOver() || performance.now() - startedAt > 60_000) {
      child.kill('SIGKILL')
      throw new Error(`${name} takes no report: ${stderr}`)
    }
    const answered = await request(url, { method: 'POST', headers, body: reportBody(-1 - turn) })
      .then(async ({ statusCode, body }) => ({ statusCode, text: await body.text() }))
      .catch(() => undefined)
    if (answered?.statusCode === 202) break
    if (answered !== undefined) stderr = `${answered.statusCode} ${answered.text}`
    await sleep(2)
  }
  const startedMs = performance.now() - startedAt
  return {
    url,
    headers,
    startedMs,
    residentMiB() {
      const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(child.pid)])
      return Number(String(stdout).trim()) / 1_024
    },
    async stop() {
      child.kill(command === 'java' ? 'SIGKILL' : 'SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 2_000)
      await ended
      clearTimeout(timer)
    },
  }
}

/** @param {import('node:child_process').ChildProcess} child */
async function firstLine(child) {
  if (child.stdout === null) throw new Error('nobody reads its lines')
  for await (const line of createInterface(child.stdout)) return JSON.parse(line)
  throw new Error('it ended before it was ready')
}

/** Those that make none take any. @param {any} address @returns {Record<string, string>} */
function credentialsOf({ agent, apiKey }) {
  if (agent === undefined) return FIXED_CREDENTIALS
  return {
    authorization: Buffer.from(`${agent.userName}:${agent.serviceKey}`).toString('base64'),
    'api-key': apiKey.value,
  }
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
