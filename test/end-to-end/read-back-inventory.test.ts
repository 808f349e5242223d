import { expect, onTestFinished, test } from 'vitest'
import { createTeamServer } from '../../mock-server/index.ts'
import { createEngine } from '../../sdk/index.ts'
import { ask } from '../mock-server/ask.ts'

const LIBRARIES = 12
const CALLS = 30

test('what an engine reported is read back over REST, to the count', async () => {
  const teamServer = createTeamServer()
  onTestFinished(() => teamServer.close())
  const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
  const engine = createEngine({
    ...shop.engineOptions(),
    application: { name: 'till' },
    server: { name: 'web-1', environment: 'QA', tags: ['blue'] },
    session: { metadata: { branchName: 'main' } },
    logger: false,
    spoolDirectory: false,
    fetch: teamServer.fetch,
  })
  for (let at = 0; at < LIBRARIES; at++) {
    engine.report({ type: 'library', name: `library-${at}`, version: '1.0.0', license: 'MIT' })
  }
  engine.report({ type: 'route', state: 'discovered', method: 'GET', pattern: '/cart' })
  engine.report({ type: 'route', state: 'discovered', method: 'POST', pattern: '/pay' })
  for (let at = 0; at < CALLS; at++) {
    engine.report({ type: 'route', state: 'observed', method: 'GET', pattern: '/cart', count: 1 })
  }
  engine.report({ type: 'component', name: 'express', kind: 'framework' })
  await engine.close()
  expect(engine.status()).toMatchObject({ accepted: LIBRARIES + CALLS + 3, waiting: 0 })

  const { authorization } = await shop.addPerson({ role: 'view' })
  const headers = { 'api-key': shop.apiKey.value }
  const read = async (path: string) => {
    const reply = await ask(teamServer, 'GET', `/ng${path}`, { authorization, headers })
    expect([path, reply.status]).toEqual([path, 200])
    return reply.body as Readonly<Record<string, unknown>>
  }
  const [application] = await shop.applications()
  const app = `/${shop.id}/applications/${application?.id}`
  expect(await read(`/${shop.id}/servers?expand=num_apps`)).toMatchObject({
    count: 1,
    servers: [{ name: 'web-1', environment: 'QA', tags: ['blue'], num_apps: 1, status: 'ONLINE' }],
  })
  const { libraries, count } = await read(`${app}/libraries`)
  expect([count, (libraries as readonly unknown[]).length]).toEqual([LIBRARIES, LIBRARIES])
  expect(await read(`${app}/libraries/sbom/cyclonedx`)).toMatchObject({
    components: expect.toSatisfy(
      (components: readonly unknown[]) => components.length === LIBRARIES,
    ),
  })
  expect(await read(`${app}/route`)).toMatchObject({
    count: 2,
    exercisedCount: 1,
    discoveredCount: 1,
  })
  expect(await read(`${app}/techs`)).toMatchObject({ techs: ['express'] })
  expect(await read(`/organizations${app}/agent-sessions/latest`)).toMatchObject({
    agentSession: { sessionStatus: 'ACTIVE', metadataSessions: [{ value: 'main' }] },
  })
})
