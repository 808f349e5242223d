import { afterEach, expect, test } from 'vitest'
import { createTeamServer } from '../../mock-server/index.ts'
import { createEngine } from '../../sdk/index.ts'

const ended: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ended.splice(0)) await end()
})

/** A TeamServer with one organization, and all that an engine needs to report to it in process. */
async function stage({ isLayerTwoOn }: { readonly isLayerTwoOn: boolean }) {
  const requests: Request[] = []
  const lines: string[] = []
  const teamServer = createTeamServer()
  const shop = await teamServer.createOrganization({
    name: 'Shop',
    apiKey: { enabled: isLayerTwoOn },
  })
  const log = (line: string) => void lines.push(line)
  const engine = createEngine({
    ...shop.engineOptions(),
    application: { name: 'till' },
    logger: { error: log, warn: log, info: log, debug: () => {} },
    fetch: (url, init) => {
      const request = new Request(url, init as RequestInit)
      requests.push(request.clone())
      return teamServer.handle(request)
    },
  })
  ended.push(() => engine.close())
  return { teamServer, shop, engine, requests, lines }
}

const FINDING = { type: 'finding', rule: 'cookie-flags-missing' } as const

test('the organization API key is on every request of an engine that has one', async () => {
  const { shop, engine, requests } = await stage({ isLayerTwoOn: true })
  engine.report(FINDING)
  await engine.flush()
  expect(requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
    'PUT /Contrast/api/ng/applications/create',
    'PUT /Contrast/api/ng/sessions',
    'POST /Contrast/api/engine/v1/reports',
  ])
  for (const { headers } of requests) expect(headers.get('api-key')).toBe(shop.apiKey.value)
  expect(engine.status()).toMatchObject({
    given: 1,
    accepted: 1,
    refused: 0,
    dropped: 0,
    waiting: 0,
  })
})

test('no API-Key header goes out from an engine that has none', async () => {
  const { engine, requests } = await stage({ isLayerTwoOn: false })
  engine.report(FINDING)
  await engine.flush()
  expect(requests).toHaveLength(3)
  for (const { headers } of requests) expect(headers.has('api-key')).toBe(false)
})

test('what was reported is stored under the application, its session and the authenticated name', async () => {
  const { shop, engine } = await stage({ isLayerTwoOn: true })
  engine.report({ ...FINDING, severity: 'medium', title: 'session cookie without HttpOnly' })
  await engine.flush()
  const [session] = await shop.sessions()
  const stored = await shop.reports({ withReceipt: true })
  expect(stored).toMatchObject([
    {
      organizationId: shop.id,
      agentUserName: shop.agent.userName,
      application: 'till',
      session: session?.id,
      report: { ...FINDING, severity: 'medium', title: 'session cookie without HttpOnly' },
    },
  ])
})

test('an engine whose API key was rotated away holds, names the layer, and goes on with the new key', async () => {
  const { shop, engine, lines } = await stage({ isLayerTwoOn: true })
  engine.report(FINDING)
  await engine.flush()
  await shop.apiKey.rotate()
  for (let count = 0; count < 5; count++) engine.report(FINDING)
  await engine.flush()
  expect(engine.status()).toMatchObject({ state: 'holding', given: 6, accepted: 1, waiting: 5 })
  expect(engine.status().hold).toMatchObject({ cause: 'api-key' })
  const said = lines.join('\n')
  expect(said).toContain('layer two')
  expect(said).toContain('option organizationApiKey')
  expect(said).not.toContain(shop.apiKey.value)

  engine.updateCredentials({ organizationApiKey: shop.apiKey.value })
  await engine.flush()
  expect(engine.status()).toMatchObject({ state: 'running', given: 6, accepted: 6, waiting: 0 })
  expect(await shop.reports()).toHaveLength(6)
})

test('an engine whose agent key was deleted holds and names layer one', async () => {
  const { shop, engine, lines } = await stage({ isLayerTwoOn: true })
  await shop.deleteAgentKey('default')
  engine.report(FINDING)
  await engine.flush()
  expect(engine.status()).toMatchObject({ state: 'holding', accepted: 0, waiting: 1 })
  expect(engine.status().hold).toMatchObject({ cause: 'credentials' })
  expect(lines.join('\n')).toContain('layer one')
  expect(await shop.reports()).toEqual([])
})

test('during an overlap the replaced key is accepted, and the engine warns of its end once', async () => {
  const { shop, engine, lines } = await stage({ isLayerTwoOn: true })
  await shop.apiKey.rotate({ overlapMs: 60_000 })
  for (let count = 0; count < 3; count++) {
    engine.report(FINDING)
    await engine.flush()
  }
  expect(engine.status()).toMatchObject({ accepted: 3 })
  const warnings = lines.filter((line) =>
    line.includes(shop.apiKey.acceptedUntil?.toISOString() ?? '?'),
  )
  expect(warnings).toHaveLength(1)
})

test('an archived application pauses its engine, and nothing is lost', async () => {
  const { shop, engine } = await stage({ isLayerTwoOn: false })
  engine.report(FINDING)
  await engine.flush()
  await shop.archiveApplication('till')
  engine.report(FINDING)
  await engine.flush()
  expect(engine.status()).toMatchObject({ state: 'holding', accepted: 1, waiting: 1 })
  expect(engine.status().hold).toMatchObject({ cause: 'archived' })
})

test('two engines in one process report to two organizations and nothing crosses', async () => {
  const one = await stage({ isLayerTwoOn: true })
  const other = await stage({ isLayerTwoOn: true })
  one.engine.report({ ...FINDING, title: 'one' })
  other.engine.report({ ...FINDING, title: 'other' })
  await Promise.all([one.engine.flush(), other.engine.flush()])
  expect(await one.shop.reports()).toMatchObject([{ title: 'one' }])
  expect(await other.shop.reports()).toMatchObject([{ title: 'other' }])
})
