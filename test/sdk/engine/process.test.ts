import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { API_KEY, SERVICE_KEY } from './test-engine.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-process-'))
  for (const name of ['index', 'register']) {
    await build({
      entryPoints: [fileURLToPath(new URL(`../../../sdk/${name}.ts`, import.meta.url))],
      outfile: join(folder, `${name}.cjs`),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'error',
      define: { 'import.meta.url': 'moduleUrl' },
      banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
    })
  }
})
afterAll(() => rm(folder, { recursive: true }))

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  cleanups.push(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** From the last line of the program to its end. */
  readonly tookMs: number
}

/** Runs a host program to its own end. With `isStderrRead` false, nobody reads its standard error. */
async function run(
  program: string,
  env: Record<string, string> = {},
  { isStderrRead = true } = {},
): Promise<Ended> {
  const file = join(folder, 'host.cjs')
  await writeFile(file, program)
  const state = await mkdtemp(join(folder, 'state-'))
  const child = spawn(process.execPath, [file], {
    cwd: folder,
    env: { PATH: process.env.PATH, XDG_STATE_HOME: state, ...env },
  })
  if (!isStderrRead) child.stderr.destroy()
  let [stdout, stderr, doneAtMs] = ['', '', 0]
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    if (text.includes('done')) doneAtMs = performance.now()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, stdout, stderr, tookMs: performance.now() - doneAtMs }
}

function host(url: string, rest: string): string {
  const keys = {
    agentUserName: 'agent_1@Org',
    serviceKey: SERVICE_KEY,
    organizationApiKey: API_KEY,
  }
  return `
    const { createEngine } = require('./index.cjs')
    const options = ${JSON.stringify({ url, ...keys, application: { name: 'shop' }, batchLimitReports: 1 })}
    const engine = createEngine(options)
    engine.report({ type: 'finding', rule: 'x' })
    ${rest}`
}

test('a host with a waiting report and an unreachable server ends by itself', async () => {
  const ended = await run(host('http://127.0.0.1:1', `setTimeout(() => console.log('done'), 300)`))
  expect(ended).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^teamserver-engine: .*ECONNREFUSED.*\n$/),
  })
  expect(ended.tookMs).toBeLessThan(1_000)
  expect(ended.stderr).not.toContain(SERVICE_KEY)
  expect(ended.stderr).not.toContain(API_KEY)
})

test('a host whose connection never comes about ends by itself', async () => {
  const open = createTcpServer((socket) => {
    socket.on('error', () => {})
    cleanups.unshift(() => socket.destroy())
  })
  const url = (await listen(open)).replace('http', 'https')
  const ended = await run(host(url, `setTimeout(() => console.log('done'), 400)`))
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(ended.tookMs).toBeLessThan(1_000)
})

test('a host whose report is never answered, on a connection that was idle, ends by itself', async () => {
  let batches = 0
  const hangOnSecond = (batch: unknown) => (batch && ++batches === 2 ? 600_000 : 0)
  const program = host(
    await listen(createServer(teamServer(hangOnSecond))),
    `setTimeout(() => engine.report({ type: 'finding', rule: 'y' }), 400)
     setTimeout(() => console.log('done'), 600)`,
  )
  const ended = await run(program)
  expect(batches).toBe(2)
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(ended.tookMs).toBeLessThan(1_000)
})

test('flush keeps a host alive until TeamServer has answered, and no longer', async () => {
  const server = createServer(teamServer(() => 100))
  const print = `engine.flush().then((result) => console.log('done', JSON.stringify(result)))`
  const ended = await run(host(await listen(server), print))
  expect(ended).toMatchObject({
    code: 0,
    stdout: 'done {"accepted":1,"spooled":0,"waiting":0}\n',
    stderr: '',
  })
  expect(ended.tookMs).toBeLessThan(1_000)
})

test('register starts one engine however often it is loaded, and a host without credentials just runs', async () => {
  const ended = await run(`
    const { engine } = require('./register.cjs')
    delete require.cache[require.resolve('./register.cjs')]
    console.log(require('./register.cjs').engine === engine, engine.status().state, 'done')`)
  expect(ended).toMatchObject({ code: 0, stdout: 'true disabled done\n' })
  expect(ended.stderr.trim().split('\n')).toHaveLength(1)
})

test('lines to a standard error that nobody reads any more do not end the host', async () => {
  const program = `
    const { createEngine } = require('./index.cjs')
    createEngine()
    setTimeout(createEngine, 50)
    setTimeout(() => {
      createEngine()
      console.log('still writing', process.stderr.listenerCount('error'))
    }, 100)
    setTimeout(() => console.log('done', process.stderr.listenerCount('error')), 150)`
  const ended = await run(program, {}, { isStderrRead: false })
  expect(ended).toMatchObject({ code: 0, stdout: 'still writing 1\ndone 0\n' })
})

test('a search for libraries ends with its host, and goes on for a flush', async () => {
  await installLibraries(1_000)
  const env = credentialsOf(await listen(createServer(teamServer(() => 0))))
  const program = `
    const { engine } = require('./register.cjs')
    process.on('exit', () => console.log(engine.status().given))`
  const untilItBegan = `
    const timer = setInterval(() => engine.status().given > 0 && clearInterval(timer), 1)`
  const left = await run(program + untilItBegan, env)
  expect(left.code).toBe(0)
  expect(Number(left.stdout)).toBeGreaterThan(0)
  expect(Number(left.stdout)).toBeLessThan(1_000)
  const flushed = await run(`${program}\nengine.flush()`, env)
  expect(flushed).toMatchObject({ code: 0, stdout: '1000\n' })
})

test('D-403: the libraries of a process are reported once, however many workers it has', async () => {
  await installLibraries(1)
  const env = credentialsOf(await listen(createServer(teamServer(() => 0))))
  const ended = await run(
    `const { engine } = require('./register.cjs')
     const { isMainThread, Worker } = require('node:worker_threads')
     if (isMainThread) new Worker(__filename)
     engine.flush().then(({ accepted }) => console.log(isMainThread ? 'main' : 'worker', accepted))`,
    env,
  )
  expect(ended.code).toBe(0)
  expect(ended.stdout.trim().split('\n').sort()).toEqual(['main 1', 'worker 0'])
})

function credentialsOf(url: string): Record<string, string> {
  return {
    CONTRAST__API__URL: url,
    CONTRAST__API__USER_NAME: 'agent_1@Org',
    CONTRAST__API__SERVICE_KEY: SERVICE_KEY,
  }
}

async function installLibraries(count: number): Promise<void> {
  const modules = join(folder, 'node_modules')
  cleanups.push(() => rm(modules, { recursive: true }))
  for (let index = 0; index < count; index++) {
    await mkdir(join(modules, `library-${index}`), { recursive: true })
    const manifest = JSON.stringify({ name: `library-${index}`, version: '1.0.0' })
    await writeFile(join(modules, `library-${index}`, 'package.json'), manifest)
  }
}

/** As much of a TeamServer as takes one report, each answer after a while. */
function teamServer(delayMs: (batch: unknown) => number): RequestListener {
  return async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    const bytes = Buffer.concat(pieces)
    const isZipped = request.headers['content-encoding'] === 'gzip'
    const { batch, reports, name } = JSON.parse((isZipped ? gunzipSync(bytes) : bytes).toString())
    const success = { success: true, messages: [] }
    const answer = batch
      ? { ...success, batch, added: reports.length, known: 0, rejected: [] }
      : { ...success, application: { app_id: 'a', name }, session_id: 's', settings: {} }
    response.writeHead(batch ? 202 : 200, { 'content-type': 'application/json' })
    const timer = setTimeout(() => response.end(JSON.stringify(answer)), delayMs(batch))
    response.on('close', () => clearTimeout(timer))
  }
}
