import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const DIST = fileURLToPath(new URL('../../dist/sdk/', import.meta.url))

const START = `createEngine({
  url: 'https://teamserver.test', agentUserName: 'agent_1@Org', serviceKey: 'S3rviceKeyS3rviceKey01',
  logger: false, spoolDirectory: false,
})`

interface Loaded {
  /** What Node has and loads when it is asked for. */
  readonly builtins: readonly string[]
  /** Files of the package and of what it depends on. */
  readonly files: readonly string[]
}

type Face = 'module' | 'commonjs'

/** What a process has loaded after a program, beyond what one has that begins with nothing. */
function loadedBy(face: Face, program: string): Loaded {
  const engine =
    face === 'module'
      ? `const { createEngine } = await import(${JSON.stringify(`${DIST}index.js`)})`
      : `const { createEngine } = require(${JSON.stringify(`${DIST}index.cjs`)})`
  const watched = `
    const { Session } = process.getBuiltinModule('node:inspector')
    process.stdout
    // Node has it by now, in most programs.
    performance.now()
    const before = new Set(process.moduleLoadList)
    const session = new Session()
    session.connect()
    const files = []
    session.on('Debugger.scriptParsed', ({ params }) => files.push(params.url))
    session.post('Debugger.enable')
    files.length = 0
    ${engine}
    ${program}
    const builtins = process.moduleLoadList
      .filter((name) => !before.has(name) && /^NativeModule (?!internal)/.test(name))
      .map((name) => name.slice('NativeModule '.length))
    console.log(JSON.stringify({
      builtins,
      files: files
        .filter((url) => url.startsWith('file:') || url.startsWith('/'))
        .map((url) => url.startsWith('file:') ? decodeURIComponent(new URL(url).pathname) : url),
    }))
    process.exit(0)`
  const type = face === 'module' ? 'module' : 'commonjs'
  const args = [`--input-type=${type}`, '--eval', watched]
  const env = { PATH: process.env.PATH }
  const { builtins, files } = JSON.parse(
    execFileSync(process.execPath, args, { env, cwd: '/', encoding: 'utf8' }),
  ) as Loaded
  return { builtins, files: files.map((file) => file.replace(DIST, '')).sort() }
}

test.each<[Face, string]>([
  ['module', 'index.js'],
  ['commonjs', 'index.cjs'],
])('an engine that starts has read one file and little of Node (%s)', (face, file) => {
  const { builtins, files } = loadedBy(face, START)
  expect(files).toEqual([file])
  const expected = ['diagnostics_channel', 'os', 'timers', 'path', 'util', 'url']
  expect(builtins.filter((name) => !expected.includes(name))).toEqual([])
  // Each 40 KB more are a millisecond of the start of a host.
  expect(statSync(DIST + file).size).toBeLessThan(135_000)
})

test.each<Face>(['module', 'commonjs'])(
  'the first report loads what sends it, and undici waits for the first request (%s)',
  (face) => {
    const report = `.report({ type: 'finding', rule: 'x' })`
    const { files } = loadedBy(face, START + report)
    expect(files).toEqual([face === 'module' ? 'index.js' : 'index.cjs', 'uplink.cjs'])
  },
)
