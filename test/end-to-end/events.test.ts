import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTeamServer, type TeamServer } from '../../mock-server/index.ts'
import { CHANNEL_NAMES } from '../sdk/events/listener.ts'
import { downloadEngine, npmInstall, temporaryFolder } from './download.ts'
import { DIST, type Ended, runProgram } from './program.ts'

/** Loaded before the application: it hears what every engine publishes, and tells at the very end. */
const HEAR = `
  import { subscribe } from 'node:diagnostics_channel'
  const heard = []
  for (const name of ${JSON.stringify(CHANNEL_NAMES)}) {
    subscribe(name, (message) => void heard.push([name, message]))
  }
  process.on('exit', () => console.log(JSON.stringify(heard)))
`

type Heard = readonly (readonly [string, Readonly<Record<string, unknown>>])[]

let teamServer: TeamServer
beforeAll(async () => {
  teamServer = createTeamServer()
  await teamServer.listen()
})
afterAll(() => teamServer.close())

interface Application {
  /** After `engine` is there. */
  readonly program: string
  readonly options?: object
  readonly hear?: string
}

/** Runs an application beside a program that hears. */
async function run({ program, options = {}, hear = HEAR }: Application): Promise<Ended> {
  const all = { application: { name: 'shop' }, spoolDirectory: './spool', ...options }
  await using place = await temporaryFolder({
    'hear.mjs': hear,
    'app.mjs': `import { createEngine } from '${DIST}/sdk/index.js'
      const engine = createEngine(${JSON.stringify(all)})
      ${program}`,
  })
  return await runProgram(place.folder, ['--import', './hear.mjs', 'app.mjs'])
}

const REPORT = `engine.report({ type: 'finding', rule: 'x' }); await engine.close()`
const AWAY = {
  url: 'http://127.0.0.1:1',
  agentUserName: 'agent_1@Shop',
  serviceKey: 'S3rviceKeyS3rviceKey01',
}

const FACES = [
  ['the ES module', 'app.mjs', `import { createEngine } from '${DIST}/sdk/index.js'`],
  ['the CommonJS one', 'app.cjs', `const { createEngine } = require('${DIST}/sdk/index.cjs')`],
  ['the downloaded ES module', 'app.mjs', `import { createEngine } from 'teamserver-engine'`],
  [
    'the downloaded CommonJS one',
    'app.cjs',
    `const { createEngine } = require('teamserver-engine')`,
  ],
  ['the one-file engine', 'app.mjs', `import { createEngine } from './engine.mjs'`],
] as const

test.each(FACES)(
  '%s publishes on the same channels',
  async (_what, file, load) => {
    const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
    await using place = await temporaryFolder({
      'package.json': '{}',
      'hear.mjs': HEAR,
      [file]: `${load}
      const engine = createEngine(${JSON.stringify({ ...shop.engineOptions(), application: { name: 'shop' } })})
      ;(async () => { ${REPORT} })()`,
      'teamserver-engine.tgz': await downloadEngine(teamServer, shop),
      'engine.mjs': await downloadEngine(teamServer, shop, '?format=mjs'),
    })
    if (load.includes(`'teamserver-engine'`))
      await npmInstall(place.folder, './teamserver-engine.tgz')
    const ended = await runProgram(place.folder, ['--import', './hear.mjs', file])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const heard = JSON.parse(ended.stdout) as Heard
    const { url } = shop.engineOptions()
    for (const [, { engine }] of heard) {
      expect(engine).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        application: 'shop',
        url: `${url}/api`,
      })
    }
    const told = heard.map(([name, { call, state, reports }]) => [name, call ?? state ?? reports])
    expect(told).toEqual([
      ['teamserver-engine:state', 'starting'],
      ['teamserver-engine:exchange', 'createApplication'],
      ['teamserver-engine:exchange', 'createSession'],
      ['teamserver-engine:state', 'running'],
      ['teamserver-engine:exchange', 'reports'],
      ['teamserver-engine:reports:accepted', 1],
      ['teamserver-engine:state', 'closed'],
    ])
  },
  60_000,
)

test('two engines of a process, in both module systems, are told apart', async () => {
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  const options = JSON.stringify({ ...shop.engineOptions(), application: { name: 'other' } })
  const { stdout } = await run({
    options: shop.engineOptions(),
    program: `import { createRequire } from 'node:module'
      const other = createRequire(import.meta.url)('${DIST}/sdk/index.cjs').createEngine(${options})
      other.report({ type: 'finding', rule: 'x' })
      await other.close()
      ${REPORT}`,
  })
  const accepted = (JSON.parse(stdout) as Heard).filter(([name]) => name.endsWith(':accepted'))
  expect(accepted.map(([, { engine }]) => engine)).toMatchObject([
    { application: 'other' },
    { application: 'shop' },
  ])
})

test.each([
  ['calls process.exit()', `report(3); process.exit(0)`],
  ['comes to its end', `report(3)`],
])(
  'a host that %s hears what got to disk at the last moment, and is held up by nothing',
  async (_what, end) => {
    const { stdout, code } = await run({
      options: AWAY,
      program: `function report(count) {
        for (let index = 0; index < count; index++) engine.report({ type: 'finding', rule: 'x' })
      }
      ${end}`,
    })
    expect(code).toBe(0)
    expect((JSON.parse(stdout) as Heard).at(-1)).toEqual([
      'teamserver-engine:spool:written',
      {
        engine: expect.objectContaining({ application: 'shop' }),
        counters: { given: 3, accepted: 0, refused: 0, dropped: 0, waiting: 3 },
        reports: 3,
        bytes: expect.any(Number),
        spooled: 3,
        durationMs: expect.any(Number),
      },
    ])
  },
)

test('a circle of events that a subscriber makes does not keep the process alive', async () => {
  const { code, stdout } = await run({
    options: AWAY,
    program: `import { subscribe } from 'node:diagnostics_channel'
      let count = 0
      subscribe('teamserver-engine:reports:refused', () => {
        count += 1
        engine.report({ type: 'finding' })
      })
      process.on('exit', () => console.log(count > 0))
      engine.report({ type: 'finding' })`,
    hear: '',
  })
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'true\n' })
})

test('a host whose subscribers all throw and reject goes on, and its reports arrive', async () => {
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  const { code, stdout, stderr } = await run({
    options: shop.engineOptions(),
    program: `engine.report({ type: 'finding' })
      ${REPORT}
      console.log(engine.status().accepted)`,
    hear: `import { subscribe } from 'node:diagnostics_channel'
      for (const name of ${JSON.stringify(CHANNEL_NAMES)}) {
        subscribe(name, () => { throw new Error('a slip') })
        subscribe(name, async () => { throw new Error('a slip') })
      }`,
  })
  expect({ code, stdout }).toEqual({ code: 0, stdout: '1\n' })
  expect(stderr.split('\n').filter((line) => line.includes('a subscriber of'))).toEqual(
    ['state', 'reports:refused', 'exchange', 'reports:accepted'].map(
      (name) =>
        `teamserver-engine: a subscriber of teamserver-engine:${name} failed: Error: a slip`,
    ),
  )
})

test('a proxy that is down is told without its password', async () => {
  const { stdout } = await run({
    options: {
      ...AWAY,
      url: 'https://teamserver.test',
      proxy: { url: 'http://walter:hunter2hunter2@127.0.0.1:1' },
      closeTimeoutMs: 1_000,
    },
    program: REPORT,
  })
  expect(stdout).toContain('"outcome":"retryable"')
  expect(stdout).toContain('127.0.0.1:1')
  expect(stdout).not.toContain('hunter2')
  expect(stdout).not.toContain(Buffer.from('walter:hunter2hunter2').toString('base64').slice(0, 20))
})
