import { readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTeamServer, type TeamServer } from '../../mock-server/index.ts'
import { downloadEngine, npmInstall, runIn, temporaryFolder } from './download.ts'

const REPORT = `
  engine.report({ type: 'finding', rule: 'cookie-flags-missing' })
  await engine.close()
  console.log(JSON.stringify(engine.status()))
`
const MODULE = `
  import { createEngine } from 'teamserver-engine'
  const engine = createEngine()
  ${REPORT}
`
const COMMONJS = `
  const { createEngine } = require('teamserver-engine')
  const engine = createEngine()
  ;(async () => { ${REPORT} })()
`
const ONE_FILE = MODULE.replace('teamserver-engine', './engine.mjs')

let teamServer: TeamServer

beforeAll(async () => {
  teamServer = createTeamServer()
  await teamServer.listen()
})
afterAll(() => teamServer.close())

test.each([
  ['import', 'app.mjs', MODULE],
  ['require', 'app.cjs', COMMONJS],
])(
  'the tarball installs without a network and reports with nothing configured, by %s',
  async (_how, file, program) => {
    const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
    await using place = await temporaryFolder({
      'package.json': '{}',
      'teamserver-engine.tgz': await downloadEngine(teamServer, shop),
      [file]: program,
    })
    await npmInstall(place.folder, './teamserver-engine.tgz')
    const { stdout } = await runIn(place.folder, [file])
    expect(JSON.parse(stdout)).toMatchObject({ given: 1, accepted: 1, waiting: 0 })
    expect(await shop.reports()).toMatchObject([{ type: 'finding', rule: 'cookie-flags-missing' }])
  },
  60_000,
)

test('the preload and the command of the tarball work as well', async () => {
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  await using place = await temporaryFolder({
    'package.json': '{"name":"till","version":"2.0.0"}',
    'teamserver-engine.tgz': await downloadEngine(teamServer, shop),
    'app.mjs': `import { engine } from 'teamserver-engine/register'; await engine.close()`,
  })
  await npmInstall(place.folder, './teamserver-engine.tgz')
  await runIn(place.folder, ['--import', 'teamserver-engine/register', 'app.mjs'])
  expect(await shop.applications()).toMatchObject([{ name: 'till', version: '2.0.0' }])
  expect(await shop.reports()).toMatchObject([{ type: 'library', name: 'teamserver-engine' }])

  const command = join('node_modules', '.bin', 'teamserver-engine')
  const { stdout } = await runIn(place.folder, [command, 'doctor', '--json'])
  const diagnosis = JSON.parse(stdout)
  expect(diagnosis.ok).toBe(true)
  expect(stdout).not.toContain(shop.agent.serviceKey)
}, 60_000)

test('the one-file engine reports with nothing configured', async () => {
  const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
  await using place = await temporaryFolder({
    'engine.mjs': await downloadEngine(teamServer, shop, '?format=mjs'),
    'app.mjs': ONE_FILE,
  })
  const { stdout } = await runIn(place.folder, ['app.mjs'])
  expect(JSON.parse(stdout)).toMatchObject({ given: 1, accepted: 1 })
  expect(await shop.reports()).toHaveLength(1)
})

test('the one-file engine reads a YAML file with what it carries inside', async () => {
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  await using place = await temporaryFolder({
    'engine.mjs': await downloadEngine(teamServer, shop, '?format=mjs'),
    'contrast_security.yaml': 'application:\n  name: from the file\n',
    'app.mjs': ONE_FILE,
  })
  await runIn(place.folder, ['app.mjs'])
  expect(await shop.applications()).toMatchObject([{ name: 'from the file' }])
})

test('an engine downloaded while the layer was off is refused once it is on, and says which layer', async () => {
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  await using place = await temporaryFolder({
    'engine.mjs': await downloadEngine(teamServer, shop, '?format=mjs'),
    'app.mjs': ONE_FILE,
  })
  await shop.apiKey.enable()
  const { stdout, stderr } = await runIn(place.folder, ['app.mjs'])
  expect(JSON.parse(stdout)).toMatchObject({ accepted: 0 })
  expect(stderr).toContain('layer two')
  expect(stderr).toContain('CONTRAST__API__API_KEY')
  expect(stderr).not.toContain(shop.agent.serviceKey)
  expect(await shop.reports()).toEqual([])

  const { stdout: withKey } = await runIn(place.folder, ['app.mjs'], {
    CONTRAST__API__API_KEY: shop.apiKey.value,
  })
  // And the one that had to wait on disk.
  expect(JSON.parse(withKey)).toMatchObject({ given: 2, accepted: 2 })
  expect(await shop.reports()).toHaveLength(2)
})

test.each([
  ['the URL', (url: string) => ({ CONTRAST__API__URL: url })],
  [
    'all but the API key',
    (url: string) => ({
      CONTRAST__API__URL: url,
      CONTRAST__API__USER_NAME: 'agent_other@Other',
      CONTRAST__API__SERVICE_KEY: 'other-service-key',
    }),
  ],
])(
  'the pre-fitted API key never leaves for another host: %s comes from elsewhere',
  async (_what, environment) => {
    const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
    const seen: IncomingHttpHeaders[] = []
    const stranger = createServer((request, response) => {
      seen.push(request.headers)
      response.writeHead(401).end()
    })
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
    try {
      await using place = await temporaryFolder({
        'engine.mjs': await downloadEngine(teamServer, shop, '?format=mjs'),
        'app.mjs': ONE_FILE,
      })
      const { port } = stranger.address() as AddressInfo
      const { stderr } = await runIn(
        place.folder,
        ['app.mjs'],
        environment(`http://127.0.0.1:${port}`),
      )
      expect(seen.length).toBeGreaterThan(0)
      expect(JSON.stringify(seen)).not.toContain(shop.apiKey.value)
      expect(seen.every((headers) => headers['api-key'] === undefined)).toBe(true)
      expect(stderr).toContain('pre-fitted')
    } finally {
      stranger.close()
    }
  },
)

test.each([
  ['missing', undefined, 'missing'],
  ['cut short', '{"url": "http://127', 'damaged'],
  ['edited by hand', '{"url": "http://127.0.0.1/Contrast", "user_name": "a"}', 'service_key'],
  ['still a placeholder', '@@TEAMSERVER_ENGINE_CREDENTIALS@@', 'placeholder'],
])(
  'C-403: with its credentials %s the engine is off, says so in one line, and the host runs',
  async (_what, credentials, word) => {
    const shop = await teamServer.createOrganization({ name: 'Shop' })
    await using place = await temporaryFolder({
      'package.json': '{}',
      'teamserver-engine.tgz': await downloadEngine(teamServer, shop),
      'app.mjs': MODULE.replace('await engine.close()', ''),
    })
    await npmInstall(place.folder, './teamserver-engine.tgz')
    const file = join(place.folder, 'node_modules/teamserver-engine/credentials.json')
    if (credentials === undefined) await rm(file)
    else await writeFile(file, credentials)
    const { stdout, stderr } = await runIn(place.folder, ['app.mjs'])
    expect(JSON.parse(stdout)).toMatchObject({ state: 'disabled', given: 1, dropped: 1 })
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain(word)
    // Nothing is made in place of what is broken.
    const left = await readFile(file, 'utf8').catch(() => undefined)
    expect(left).toBe(credentials)
  },
  60_000,
)
