import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from './download.ts'
import { DIST, runProgram, startProgram } from './program.ts'

const SECRET = 'Sv0kzg98MQvt4TUbG3O9OHqM2GfW8lyD'
const SDK = pathToFileURL(join(DIST, 'sdk/index.js'))
const REGISTER = pathToFileURL(join(DIST, 'sdk/register.js'))
const YAML_FILE = 'contrast_security.yaml'

/** An application with an exit status of its own, without an engine and with one. */
const SHOP = `console.log('the shop is open'); process.exitCode = 7`
const SHOP_WITH_ENGINE = `
  import { createEngine } from '${SDK}'
  const engine = createEngine()
  engine.report({ type: 'finding', rule: 'cookie-flags-missing' })
  ${SHOP}`
const UNHARMED = { code: 7, signal: null, stdout: 'the shop is open\n' }

interface BadInput {
  /** What stands in the YAML file of the working directory. */
  readonly yaml?: string | Uint8Array
  /** Puts something else in its place. */
  readonly make?: (path: string) => unknown
  readonly env?: Readonly<Record<string, string>>
  /** What the line names. */
  readonly says: readonly string[]
}

/** Runs the shop with an engine in it, and the shop with one in front of it. */
async function openShops({ yaml, make, env = {} }: BadInput) {
  await using place = await temporaryFolder({
    'package.json': '{"name":"shop"}',
    'shop.mjs': SHOP,
    'shop-with-engine.mjs': SHOP_WITH_ENGINE,
  })
  const file = join(place.folder, YAML_FILE)
  if (yaml !== undefined) await writeFile(file, yaml, { mode: 0o600 })
  await make?.(file)
  return await Promise.all([
    runProgram(place.folder, ['shop-with-engine.mjs'], env),
    runProgram(place.folder, ['--import', REGISTER.href, 'shop.mjs'], env),
  ])
}

const TOKEN = Buffer.from(
  JSON.stringify({
    url: 'https://teamserver.test',
    user_name: 'agent_1@Shop',
    service_key: SECRET,
  }),
).toString('base64')
const KEYS = {
  CONTRAST__API__URL: 'https://teamserver.test',
  CONTRAST__API__USER_NAME: 'agent_1@Shop',
  CONTRAST__API__SERVICE_KEY: SECRET,
}
const API = `api:\n  url: https://teamserver.test\n  user_name: agent_1@Shop\n  service_key: ${SECRET}\n`

const SWITCHED_OFF: readonly (readonly [string, BadInput])[] = [
  [
    'nothing is configured',
    { says: ['createEngine({', 'CONTRAST__API__URL', 'CONTRAST__API__TOKEN', YAML_FILE] },
  ],
  [
    'the named YAML file is missing',
    {
      env: { ...KEYS, CONTRAST_CONFIG_PATH: 'elsewhere.yaml' },
      says: ['/elsewhere.yaml', 'CONTRAST_CONFIG_PATH', 'does not exist'],
    },
  ],
  [
    'a folder stands in place of the YAML file',
    { make: (path) => mkdir(path), env: KEYS, says: [`/${YAML_FILE} `, 'no regular file'] },
  ],
  [
    'a pipe that nobody writes into stands in its place',
    {
      make: (path) => execFileSync('mkfifo', [path]),
      env: KEYS,
      says: [`/${YAML_FILE} `, 'no regular file'],
    },
  ],
  ['the YAML has a tab for indent', { yaml: `${API}\tx: 1\n`, says: [`${YAML_FILE}:5 `] }],
  [
    'the YAML has a key twice',
    { yaml: `${API}  service_key: ${SECRET}\n`, says: [`${YAML_FILE}:5 `, 'service_key', 'twice'] },
  ],
  [
    'the YAML is no UTF-8',
    { yaml: Buffer.from(`${API}# \xff\n`, 'latin1'), says: [`${YAML_FILE}:5 `, 'UTF-8'] },
  ],
  [
    'the YAML is nested so deeply that it would use up the stack',
    { yaml: '- '.repeat(32_000), says: [`${YAML_FILE}:1 `, 'nested too deeply'] },
  ],
  [
    'the YAML is larger than 64 KiB',
    { yaml: `${API}#${' '.repeat(65_536)}`, says: [YAML_FILE, '65536'] },
  ],
  [
    'a YAML value is no number',
    { yaml: `${API}  timeout_ms: soon\n`, says: [`${YAML_FILE}:5 `, 'api.timeout_ms', 'integer'] },
  ],
  [
    'a YAML key is followed by a comment and nothing else',
    { yaml: `${API}  api_key: # later\n`, says: [`${YAML_FILE}:5 `, 'api.api_key', 'quote it'] },
  ],
  [
    'the service key holds white space',
    {
      env: { ...KEYS, CONTRAST__API__SERVICE_KEY: `${SECRET}\n` },
      says: ['CONTRAST__API__SERVICE_KEY', 'white space'],
    },
  ],
  [
    'the URL is of another scheme',
    { env: { ...KEYS, CONTRAST__API__URL: 'ftp://x' }, says: ['CONTRAST__API__URL', 'https://'] },
  ],
  [
    'the token is plain text',
    {
      env: { CONTRAST__API__TOKEN: `my token ${SECRET}` },
      says: ['CONTRAST__API__TOKEN', 'one line'],
    },
  ],
  [
    'the token is cut short',
    {
      env: { CONTRAST__API__TOKEN: TOKEN.slice(0, -8) },
      says: ['CONTRAST__API__TOKEN', 'JSON'],
    },
  ],
  [
    'the token lacks a field',
    {
      env: { CONTRAST__API__TOKEN: Buffer.from('{"url":"x"}').toString('base64') },
      says: ['CONTRAST__API__TOKEN', 'user_name'],
    },
  ],
]

test.each(SWITCHED_OFF)(
  'where %s, one line says what and where, and the application runs as without an engine',
  async (_what, input) => {
    for (const { stderr, ...ended } of await openShops(input)) {
      expect(ended).toEqual(UNHARMED)
      expect(stderr).toMatch(/^teamserver-engine: switched off, nothing is reported: [^\n]+\n$/)
      for (const part of input.says) expect(stderr).toContain(part)
      expect(stderr).not.toContain(SECRET)
      expect(stderr).not.toContain(TOKEN.slice(0, 16))
    }
  },
)

test.each<readonly [string, BadInput]>([
  [
    'an unknown variable',
    {
      env: { ...KEYS, CONTRAST__API__APIKEY: SECRET },
      says: ['CONTRAST__API__APIKEY (perhaps CONTRAST__API__API_KEY?)'],
    },
  ],
  [
    'an unknown YAML key',
    { yaml: `${API}  apikey: ${SECRET}\n`, says: [YAML_FILE, 'api.apikey (perhaps api.api_key?)'] },
  ],
])('%s costs one line that names the likely one, and nothing else', async (_what, input) => {
  for (const { stderr, ...ended } of await openShops(input)) {
    expect(ended).toEqual(UNHARMED)
    expect(stderr).toMatch(/^teamserver-engine: [^\n]+ ignored: [^\n]+\n$/)
    for (const part of input.says) expect(stderr).toContain(part)
    expect(stderr).not.toContain(SECRET)
  }
})

test('an unknown option of createEngine throws at the line of the program, and names the likely one', async () => {
  await using place = await temporaryFolder({
    'shop.mjs': `
      import { createEngine } from '${SDK}'
      try { createEngine({ servicekey: '${SECRET}' }) }
      catch ({ name, code, message }) { console.log(JSON.stringify({ name, code, message })) }`,
  })
  const { stdout, ...ended } = await runProgram(place.folder, ['shop.mjs'])
  expect(ended).toEqual({ code: 0, signal: null, stderr: '' })
  expect(JSON.parse(stdout)).toEqual({
    name: 'EngineError',
    code: 'ERR_OPTION_INVALID',
    message: 'there is no option servicekey (perhaps serviceKey?)',
  })
})

test('a mistake of a seed file that no schema sees ends the mock with 3, and one line names the file', async () => {
  const seed = `organizations: [{ name: " ", agentKeys: [{ name: default, serviceKey: ${SECRET} }] }]`
  await using place = await temporaryFolder({ 'seed.yaml': seed })
  const command = join(DIST, 'mock-server/mock-teamserver.js')
  const args = [command, '--port', '0', '--config', 'seed.yaml']
  expect(await runProgram(place.folder, args)).toEqual({
    code: 3,
    signal: null,
    stdout: '',
    stderr: 'mock-teamserver: seed.yaml: the name of an organization must be 1 to 255 characters\n',
  })
})

/** Runs until its standard input ends. */
const OPEN_SHOP = `
  process.stdin.on('end', () => { console.log('closed'); process.exitCode = 7 }).resume()
  console.log('open')`

/** As many libraries as fill a batch, so that the engine sends at once. */
async function installLibraries(folder: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const library = join(folder, 'node_modules', `library-${index}`)
    await mkdir(library, { recursive: true })
    await writeFile(join(library, 'package.json'), `{"name":"library-${index}","version":"1.0.0"}`)
  }
}

/** The open shop with an engine in front of it whose TeamServer is at `url`. */
async function openPreloadedShop(url: string, program = OPEN_SHOP) {
  const place = await temporaryFolder({ 'package.json': '{"name":"shop"}', 'shop.mjs': program })
  await installLibraries(place.folder, 100)
  const args = ['--import', REGISTER.href, 'shop.mjs']
  const shop = startProgram(place.folder, args, { ...KEYS, CONTRAST__API__URL: url })
  return { ...shop, [Symbol.asyncDispose]: place[Symbol.asyncDispose] }
}

const OUT_OF_REACH = 'http://127.0.0.1:1'

test.each<readonly [string, string, NodeJS.Signals | undefined, object]>([
  [
    'ends by itself with its own status',
    OPEN_SHOP,
    undefined,
    { code: 7, signal: null, stdout: 'open\nclosed\n' },
  ],
  ['ends by SIGTERM', OPEN_SHOP, 'SIGTERM', { code: null, signal: 'SIGTERM', stdout: 'open\n' }],
  [
    'ends as its own listener of SIGTERM wants',
    `${OPEN_SHOP}; process.on('SIGTERM', () => { console.log('asked to go'); process.exit(3) })`,
    'SIGTERM',
    { code: 3, signal: null, stdout: 'open\nasked to go\n' },
  ],
])(
  'a preloaded application whose TeamServer is out of reach hears of it in one line, and %s',
  async (_how, program, signal, expected) => {
    await using shop = await openPreloadedShop(OUT_OF_REACH, program)
    await shop.untilStderr('\n')
    if (signal === undefined) shop.child.stdin.end()
    else shop.child.kill(signal)
    const { stderr, ...ended } = await shop.ended
    expect(ended).toEqual(expected)
    expect(stderr).toMatch(
      /^teamserver-engine: TeamServer at http:\/\/127\.0\.0\.1:1\/Contrast\/api is out of reach \(connect ECONNREFUSED 127\.0\.0\.1:1: nobody listens there\. [^\n]*\n$/,
    )
    expect(stderr).not.toContain(SECRET)
  },
)

test('a preloaded application whose TeamServer takes the connection and never answers ends by itself', async () => {
  const sockets: Socket[] = []
  const silent = createServer().listen(0, '127.0.0.1')
  const connected = new Promise<void>((resolve) => {
    silent.on('connection', (socket) => {
      sockets.push(socket.on('error', () => {}))
      resolve()
    })
  })
  await new Promise((resolve) => silent.once('listening', resolve))
  const { port } = silent.address() as AddressInfo
  try {
    await using shop = await openPreloadedShop(`http://127.0.0.1:${port}`)
    await connected
    shop.child.stdin.end()
    expect(await shop.ended).toEqual({
      code: 7,
      signal: null,
      stdout: 'open\nclosed\n',
      stderr: '',
    })
  } finally {
    for (const socket of sockets) socket.destroy()
    silent.close()
  }
})
