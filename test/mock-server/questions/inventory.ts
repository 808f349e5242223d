import { randomUUID } from 'node:crypto'
import { ask } from '../ask.ts'
import { authorizationOf } from '../shop.ts'
import type { Audience, Questions } from './questions.ts'

const WEBHOOK = { name: 'chat', url: 'https://chat.test/hook' }
const CONTROL = { name: 'escape', api: 'shop.escape', language: 'Node' }
const labels = { metadata: [{ label: 'branchName', values: ['main'] }] }

/** What the routes of servers, sessions, libraries and routes are asked. */
export const INVENTORY: Questions = {
  'POST /ng/:org/servers/filter': () => ({ json: { q: 'web', serverEnvironments: ['QA'] } }),
  'POST /ng/:org/servers/filters/quick': () => ({ json: { quickFilter: 'ALL' } }),
  'GET /ng/:org/servers/filters/:type/listing': () => ({ variables: { type: 'apps' } }),
  'POST /ng/:org/servers/filters/:type/listing': () => ({
    json: { tags: null },
    variables: { type: 'environment' },
  }),
  'PUT /ng/:org/servers/:server/name': ({ count }) => ({ json: { name: `web-${count()}` } }),
  'GET /ng/:org/servers/:server/apptraces': () => ({ query: 'orphans=True' }),
  'GET /ng/:org/applications/:app/servers/settings/environment': () => ({
    query: 'environment=qa',
  }),
  'POST /ng/:org/tags/servers/bulk': () => ({ json: { servers_id: [1] } }),
  'PUT /ng/:org/tags/servers': () => ({ json: { servers_id: ['1'], tags: ['blue'] } }),
  'PUT /ng/:org/tags/servers/bulk': () => ({
    json: { servers_id: [1], tags: ['green'], tags_remove: ['blue'] },
  }),
  'DELETE /ng/:org/tags/server/:server': () => ({ json: { tag: 'blue' } }),
  'POST /ng/:org/libraries/filter': () => ({ json: { q: 'lodash', apps: [], tags: null } }),
  'GET /ng/:org/libraries/filters/listing': () => ({ query: 'filterType=ORGANIZATION' }),
  'POST /ng/:org/libraries/filters/:type/listing': () => ({
    json: { languages: ['node'] },
    variables: { type: 'grades' },
  }),
  ...Object.fromEntries(
    ['', '/applications/:app', '/servers/:server'].map((of) => [
      `GET /ng/:org${of}/libraries/filters/:type/listing`,
      () => ({ variables: { type: 'tags' } }),
    ]),
  ),
  'POST /ng/:org/tags/libraries': ({ variables: { hash } }) => ({
    json: { libraryHashes: [hash], tagsToUpdate: ['old'] },
  }),
  'DELETE /ng/:org/tags/libraries': ({ variables: { hash } }) => ({
    json: { libraryHashes: [hash], tagsToUpdate: ['old'] },
  }),
  'PUT /ng/:org/tags/libraries/bulk': ({ variables: { hash } }) => ({
    json: { library_hashes: [hash], tags: ['new'], tags_remove: ['old'] },
  }),
  'DELETE /ng/:org/tags/library/:hash': () => ({ json: { tag: 'new' } }),
  'POST /ng/:org/applications/:app/route/filter': ({ variables: { session } }) => ({
    json: { sessionID: session, metadata: [] },
  }),
  'GET /ng/:org/applications/:app/route/:route/observations': () => ({ query: 'limitTo=10' }),
  'DELETE /ng/:org/applications/:app/route': newRoute,
  'DELETE /ng/:org/applications/:app/route/:route': newRoute,
  'DELETE /ng/:org/applications/:app/route/bulk': async (audience) => ({
    ...(await newRoute(audience)),
    json: { routeHashes: [] },
  }),
  'DELETE /ng/:org/applications/:app/route/bulk/filters': newRoute,
  'PUT /ng/:org/applications/:app/route/exclude/bulk': () => ({ json: { filterText: 'none' } }),
  'PUT /ng/:org/applications/:app/route/include/bulk': () => ({ json: {} }),
  'POST /ng/:org/applications/:app/route/bulk/export/csv': ({ variables: { route } }) => ({
    query: `routeHashes=${route}`,
  }),
  'POST /ng/:org/applications/:app/route/bulk/export/filters/csv/async': () => ({
    json: { quickFilter: 'ALL' },
  }),
  'POST /ng/:org/metadata/session/:app/filters': () => ({ json: { severities: ['HIGH'] } }),
  'PUT /ng/:org/applications/:app/route/exclude': () => ({ json: { routeHashes: [] } }),
  'PUT /ng/:org/applications/:app/route/include': () => ({ json: { routeHashes: ['1'] } }),
  'POST /ng/organizations/:org/applications/:app/agent-sessions/filter': () => ({ json: labels }),
  'POST /ng/organizations/:org/agent-sessions/sbav': ({ variables: { app, session } }) => ({
    json: { appId: app, sessionId: session },
  }),
  'GET /ng/organizations/:org/reports/:export/status': newExport,
  'POST /ng/:org/reports/:export/download': newExport,
  'POST /ng/:org/webhooks': () => ({ json: WEBHOOK }),
  'GET /ng/:org/webhooks/:webhook': newIntegration,
  'PUT /ng/:org/webhooks/:webhook': async (audience) => ({
    ...(await newIntegration(audience)),
    json: WEBHOOK,
  }),
  'DELETE /ng/:org/webhooks/:webhook': newIntegration,
  'POST /ng/:org/controls/sanitizers': () => ({ json: CONTROL }),
  'POST /ng/:org/controls/validators': () => ({ json: CONTROL }),
  'GET /ng/:org/controls/:control': newIntegration,
  'PUT /ng/:org/controls/:control': async (audience) => ({
    ...(await newIntegration(audience)),
    json: CONTROL,
  }),
  'PUT /ng/:org/controls/:control/enabled': newIntegration,
  'DELETE /ng/:org/controls/:control': newIntegration,
  'GET /ng/:org/server/settings/:environment': () => ({ variables: { environment: 'qa' } }),
  'GET /ng/:org/organizations/servers/restart/:language': () => ({
    variables: { language: 'Java' },
  }),
  'GET /api/:agentLanguage/newer/:myVersion': () => ({
    variables: { agentLanguage: 'NODE', myVersion: '0.0.1' },
  }),
}

/** A webhook and a control, which may be removed. */
async function newIntegration({ teamServer, shop, admin }: Audience) {
  const { authorization } = admin
  const sent = { authorization, headers: { 'api-key': shop.apiKey.value } }
  await ask(teamServer, 'POST', `/ng/${shop.id}/webhooks`, { ...sent, json: WEBHOOK })
  await ask(teamServer, 'POST', `/ng/${shop.id}/controls/validators`, { ...sent, json: CONTROL })
  const { integrations } = (await teamServer.store.organization(shop.id)) ?? {}
  const [webhook, control] = [integrations?.webhooks, integrations?.securityControls].map((list) =>
    String(list?.at(-1)?.id),
  )
  return { variables: { webhook: webhook ?? '', control: control ?? '' } }
}

/** A file of its own: those that are made meanwhile push out older ones. */
async function newExport({ teamServer, shop }: Audience) {
  const id = randomUUID()
  const rest = { kind: 'SARIF', fileName: 'shop.sarif', contentType: 'application/json' } as const
  await teamServer.store.addExport(shop.id, { id, ...rest, bytes: Buffer.from('{}') })
  return { variables: { export: id } }
}

/** A route of an application of its own, which may be forgotten. */
async function newRoute({ teamServer, shop }: Audience) {
  const authorization = authorizationOf(shop.agent)
  const name = `app-${randomUUID()}`
  const reports = [{ id: randomUUID(), type: 'route', method: 'GET', pattern: '/forgotten' }]
  // Layer two may be on.
  const headers = { 'api-key': shop.apiKey.value }
  const sent = { authorization, headers, json: { application: name, reports } }
  await ask(teamServer, 'POST', '/engine/v1/reports', sent)
  const application = await teamServer.store.application(shop.id, name)
  const [route] = await teamServer.store.routes(shop.id, name)
  return { variables: { app: application?.id ?? '', route: route?.hash ?? '' } }
}
