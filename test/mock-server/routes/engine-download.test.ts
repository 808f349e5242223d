import { execFileSync } from 'node:child_process'
import { gunzipSync } from 'node:zlib'
import { parseTar } from 'nanotar'
import { beforeEach, expect, test } from 'vitest'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop } from '../shop.ts'

let teamServer: TeamServer
let shop: Organization
let authorization: string
let path: string

beforeEach(async () => {
  ;({ teamServer, shop } = await createShop())
  authorization = (await shop.addPerson({ role: 'edit', userName: 'editor' })).authorization
  path = `/ng/${shop.id}/agents/default`
})

async function download(
  place: string,
  question = {},
): Promise<{ bytes: Buffer; headers: Headers }> {
  const response = await teamServer.handle(
    new Request(`http://127.0.0.1/Contrast/api${path}/${place}`, {
      headers: { authorization, ...question },
    }),
  )
  expect(response.status).toBe(200)
  return { bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers }
}

/** The files of an npm tarball by their names. */
function filesIn(tarball: Uint8Array): ReadonlyMap<string, string> {
  return new Map(parseTar(gunzipSync(tarball)).map((entry) => [entry.name, entry.text]))
}

test('the engine comes as an npm tarball that needs nothing else', async () => {
  const { bytes, headers } = await download('NODE')
  expect(headers.get('content-type')).toBe('application/gzip')
  expect(headers.get('content-disposition')).toMatch(
    /^attachment; filename="teamserver-engine-[\w.-]+\.tgz"$/,
  )
  const files = filesIn(bytes)
  const manifest = JSON.parse(files.get('package/package.json') ?? '')
  expect(manifest).toMatchObject({ name: 'teamserver-engine', type: 'module' })
  for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'scripts']) {
    expect(manifest).not.toHaveProperty(kind)
  }
  expect([...files.keys()]).toEqual(
    expect.arrayContaining([
      'package/LICENSE',
      'package/README.md',
      'package/THIRD-PARTY-LICENSES',
    ]),
  )
  for (const target of [manifest.main, manifest.types, manifest.bin['teamserver-engine']]) {
    expect([...files.keys()]).toContain(`package/${target.replace('./', '')}`)
  }
})

test('tar, which npm is built on the format of, lists and reads it whole', async () => {
  const { bytes } = await download('NODE')
  const listed = execFileSync('tar', ['-tzf', '-'], { input: bytes, encoding: 'utf8' })
  const names = listed.trim().split('\n')
  expect(names).toContain('package/package.json')
  expect(names.filter((name) => name === 'package/credentials.json')).toHaveLength(1)
  const text = execFileSync('tar', ['-xzOf', '-', 'package/credentials.json'], { input: bytes })
  expect(JSON.parse(text.toString())).toHaveProperty('service_key', shop.agent.serviceKey)
})

test('it carries the credentials of the default agent key, and no API key while the layer is off', async () => {
  const { bytes } = await download('NODE')
  const files = filesIn(bytes)
  expect(JSON.parse(files.get('package/credentials.json') ?? '')).toEqual({
    url: 'http://127.0.0.1/Contrast',
    user_name: shop.agent.userName,
    service_key: shop.agent.serviceKey,
  })
  expect([...files.values()].join('\n')).not.toContain(shop.apiKey.value)
})

test('it carries the API key as well when the layer is on', async () => {
  await shop.apiKey.enable()
  const { bytes } = await download('NODE', { 'api-key': shop.apiKey.value })
  expect(JSON.parse(filesIn(bytes).get('package/credentials.json') ?? '')).toEqual({
    url: 'http://127.0.0.1/Contrast',
    user_name: shop.agent.userName,
    service_key: shop.agent.serviceKey,
    api_key: shop.apiKey.value,
  })
})

test('the credentials stand in one file and nowhere else', async () => {
  const { bytes } = await download('NODE')
  const holders = [...filesIn(bytes)].filter(([, text]) => text.includes(shop.agent.serviceKey))
  expect(holders.map(([name]) => name)).toEqual(['package/credentials.json'])
})

test('?format=mjs answers one file with the same credentials', async () => {
  const { bytes, headers } = await download('NODE?format=mjs')
  expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(headers.get('content-disposition')).toMatch(/\.mjs"$/)
  const text = bytes.toString('utf8')
  expect(text.split(shop.agent.serviceKey)).toHaveLength(2)
  expect(text).not.toContain(shop.apiKey.value)
  expect(text).not.toContain('@@TEAMSERVER_ENGINE_CREDENTIALS@@')
})

test('the one file is a module for an organization whose name is difficult, too', async () => {
  const name = `Whalen's "Org" \\ $& $1 \` ${'\u2028'} </script>`
  const difficult = await teamServer.createOrganization({ name })
  const person = await difficult.addPerson({ role: 'edit' })
  const place = `/ng/${difficult.id}/agents/default/NODE?format=mjs`
  const { body } = await ask(teamServer, 'GET', place, person)
  execFileSync(process.execPath, ['--input-type=module', '--check'], { input: String(body) })
  expect(String(body)).toContain(difficult.agent.serviceKey)
})

test.each(['node', 'Node', 'NODE'])('the platform may be written %s', async (platform) => {
  expect((await download(platform)).bytes.length).toBeGreaterThan(10_000)
})

test.each(['JAVA', 'java?jvm=1_5', 'DOTNET', 'DOTNET_CORE', 'RUBY', 'x', 'NODE?format=zip'])(
  '%s is not available, in so many words',
  async (place) => {
    const reply = await ask(teamServer, 'GET', `${path}/${place}`, { authorization })
    expect(reply).toMatchObject({ status: 404, body: { success: false, reason: 'not-available' } })
  },
)

test('?key= picks an agent key by its name', async () => {
  const ci = await shop.addAgentKey({ name: 'CI' })
  const { bytes } = await download('NODE?key=CI')
  expect(JSON.parse(filesIn(bytes).get('package/credentials.json') ?? '')).toMatchObject({
    user_name: ci.userName,
    service_key: ci.serviceKey,
  })
  const unknown = await ask(teamServer, 'GET', `${path}/NODE?key=none`, { authorization })
  expect(unknown).toMatchObject({ status: 404, body: { reason: 'not-available' } })
})

test('after a rotation a download carries the new key', async () => {
  const before = shop.agent.serviceKey
  await shop.rotateAgentKey('default')
  const { bytes } = await download('NODE')
  expect(shop.agent.serviceKey).not.toBe(before)
  expect(JSON.parse(filesIn(bytes).get('package/credentials.json') ?? '').service_key).toBe(
    shop.agent.serviceKey,
  )
})

test('two downloads of the same engine are the same bytes', async () => {
  const [one, other] = [await download('NODE'), await download('NODE')]
  expect(one.bytes.equals(other.bytes)).toBe(true)
})

test('the audit log names who downloaded it', async () => {
  await download('NODE')
  const entries = (await shop.auditLog()).filter(({ reason }) => reason === 'engine-downloaded')
  expect(entries).toMatchObject([
    {
      kind: 'administration',
      claimedUserName: 'editor',
      detail: 'downloaded the engine with the agent key default',
    },
  ])
})

test('whoever may not download leaves no entry of a download', async () => {
  const viewer = await shop.addPerson({ role: 'view' })
  for (const caller of [viewer.authorization, authorizationOf(shop.agent), undefined]) {
    const reply = await ask(teamServer, 'GET', `${path}/NODE`, { authorization: caller })
    expect([401, 403]).toContain(reply.status)
  }
  expect((await shop.auditLog()).map(({ reason }) => reason)).not.toContain('engine-downloaded')
})
