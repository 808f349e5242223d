import { afterAll, beforeAll, expect, test } from 'vitest'
import { installShop, visitShop } from '../../examples/demo/engine-app.mjs'
import { createTeamServer, type Organization, type TeamServer } from '../../mock-server/index.ts'
import { createEngine } from '../../sdk/index.ts'
import { ask } from '../mock-server/ask.ts'

let teamServer: TeamServer
let shop: Organization
let authorization: string

beforeAll(async () => {
  teamServer = createTeamServer()
  shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
  ;({ authorization } = await shop.addPerson({ role: 'view' }))
})

async function read(path: string): Promise<Record<string, unknown>> {
  const { status, body } = await ask(teamServer, 'GET', `/ng/${shop.id}${path}`, {
    authorization,
    headers: { 'api-key': shop.apiKey.value },
  })
  expect([path, status]).toEqual([path, 200])
  return body as Record<string, unknown>
}

/** What the application of an engine does; the counts below are those of this list. */
const WEAKNESSES = [
  ['sql-injection', 'critical', '/orders'],
  ['sql-injection', 'critical', '/orders'],
  ['csrf', 'medium', '/login'],
  ['cookie-flags-missing', 'low', '/login'],
  ['csrf', 'medium', '/login?next=/'],
] as const

test('what an engine reported is read back over REST, to the count', async () => {
  const engine = createEngine({
    ...shop.engineOptions(),
    fetch: teamServer.fetch,
    application: { name: 'shop' },
    server: { name: 'web-1' },
    plugins: [],
    spoolDirectory: false,
  })
  for (const [rule, severity, url] of WEAKNESSES) {
    engine.report({ type: 'finding', rule, severity, url, title: `${rule} at ${url}` })
  }
  for (const version of ['1.0.0', '2.0.0']) {
    engine.report({ type: 'library', name: 'lodash', version, language: 'Node' })
  }
  engine.report({ type: 'route', method: 'GET', pattern: '/orders', state: 'observed', count: 3 })
  engine.report({ type: 'route', method: 'POST', pattern: '/orders', state: 'discovered' })
  await engine.flush({ timeoutMs: 5_000 })
  await engine.close()

  const { count, traces } = (await read('/orgtraces/filter?expand=application')) as {
    count: number
    traces: {
      rule_name: string
      total_traces_received: number
      application: { name: string; app_id: string }
    }[]
  }
  expect(count).toBe(3)
  expect(traces.map((each) => [each.rule_name, each.total_traces_received])).toEqual([
    ['sql-injection', 2],
    ['csrf', 2],
    ['cookie-flags-missing', 1],
  ])
  expect(new Set(traces.map(({ application }) => application.name))).toEqual(new Set(['shop']))
  const app = traces[0]?.application.app_id
  expect(await read(`/applications/${app}/breakdown/trace`)).toMatchObject({
    trace_breakdown: { traces: 3, criticals: 1, meds: 1, lows: 1, reported: 3 },
  })
  expect(await read(`/applications/${app}/coverage/stats/week`)).toMatchObject({
    uris: 1,
    http_calls: 3,
    traces: 3,
  })
  expect((await shop.libraries()).map(({ name, version }) => `${name} ${version}`)).toEqual([
    'lodash 1.0.0',
    'lodash 2.0.0',
  ])
  expect(await read(`/applications/${app}?expand=scores`)).toMatchObject({
    application: { name: 'shop', status: 'online', scores: { security: { grade: 74 } } },
  })
  // Everything that was taken is somewhere in what it came to.
  const sightings = traces.reduce((sum, each) => sum + each.total_traces_received, 0)
  const findings = (await shop.reports()).filter(({ type }) => type === 'finding')
  expect(sightings).toBe(findings.length)
})

afterAll(() => teamServer.close())

test('the application of the demonstration is read back, to the count', async () => {
  const demo = await teamServer.createOrganization({ name: 'Demonstration' })
  const admin = await demo.addPerson({ role: 'admin' })
  const { url, close } = await teamServer.listen()
  const get = async (path: string) => {
    const headers = { authorization: admin.authorization }
    const response = await fetch(`${url}/api/ng/${demo.id}${path}`, { headers })
    expect([path, response.status]).toEqual([path, 200])
    return response
  }
  const tarball = new Uint8Array(await (await get('/agents/default/NODE')).arrayBuffer())
  const installed = await installShop(tarball)
  try {
    const { status } = await visitShop(installed)
    const reports = await demo.reports()
    expect(reports.length).toBe(status.given)

    // What they come to, counted here by hand.
    const findings = reports.filter((each) => each.type === 'finding')
    const weaknesses = new Set(findings.map(({ hash, rule, url: at }) => hash ?? `${rule} ${at}`))
    const libraries = new Set(
      reports.flatMap((each) => (each.type === 'library' ? [`${each.name} ${each.version}`] : [])),
    )
    const routes = reports.filter((each) => each.type === 'route')
    const called = routes.filter(({ state }) => state === 'observed')
    const requests = called.reduce((sum, { count = 1 }) => sum + count, 0)
    expect(Math.min(weaknesses.size, libraries.size, requests)).toBeGreaterThan(0)

    const { applications } = (await (await get('/applications?expand=coverage')).json()) as {
      applications: { app_id: string; routes: { discovered: number; exercised: number } }[]
    }
    expect(applications).toHaveLength(1)
    const [application] = applications
    const patterns = (of: typeof routes) => {
      return new Set(of.map(({ method, pattern }) => `${method} ${pattern}`)).size
    }
    expect(application?.routes).toMatchObject({
      discovered: patterns(routes),
      exercised: patterns(called),
    })
    const { count, traces } = (await (await get('/orgtraces/filter')).json()) as {
      count: number
      traces: { total_traces_received: number }[]
    }
    expect(count).toBe(weaknesses.size)
    const seen = traces.reduce((sum, each) => sum + each.total_traces_received, 0)
    expect(seen).toBe(findings.length)
    const week = await (
      await get(`/applications/${application?.app_id}/coverage/stats/week`)
    ).json()
    expect(week).toMatchObject({ http_calls: requests, traces: weaknesses.size })
    expect(await demo.libraries()).toHaveLength(libraries.size)
  } finally {
    await installed.remove()
    await close()
  }
}, 60_000)
