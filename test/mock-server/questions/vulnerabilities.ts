import type { Audience, Questions } from './questions.ts'

/** What the routes of applications, vulnerabilities, tags, scores and policies are asked. */
export const VULNERABILITIES: Questions = {
  ...Object.fromEntries(
    [
      'POST /ng/:org/orgtraces/filter',
      'POST /ng/:org/traces/:app/filter',
      'POST /ng/:org/orgtraces/quick',
      'POST /ng/organizations/:org/orgtraces/ui',
      'POST /ng/:org/orgtraces/filter/application-metadata/listing',
    ].map((route) => [route, () => ({ json: { severities: ['HIGH'], quickFilter: 'ALL' } })]),
  ),
  ...Object.fromEntries(
    [
      'GET /ng/:org/orgtraces/filter/:type/listing',
      'GET /ng/:org/traces/:app/filter/:type/listing',
      'GET /ng/:org/servertraces/:server/filter/:type/listing',
      'GET /ng/:org/applications/filters/:type/listing',
    ].map((route) => [route, () => ({ variables: { type: 'tags' } })]),
  ),
  ...Object.fromEntries(
    [
      'POST /ng/:org/orgtraces/filter/:type/listing',
      'POST /ng/:org/traces/:app/filter/:type/listing',
      'POST /ng/:org/applications/filters/:type/listing',
    ].map((route) => [route, () => ({ variables: { type: 'tags' }, json: {} })]),
  ),
  'POST /ng/:org/applications/filter': () => ({ json: { filterText: 'shop' } }),
  'POST /ng/:org/applications/filters/quick': () => ({ json: { includeArchived: 'True' } }),
  'PUT /ng/:org/applications/:app/importance': () => ({ json: { importance: 3 } }),
  'PUT /ng/:org/applications/:app/name/display': () => ({ json: { name: 'The shop' } }),
  'POST /ng/:org/applications/:app/name/unique': () => ({ json: { name: 'Another' } }),
  'PUT /ng/:org/applications/:app/license': () => ({ json: { level: 'Licensed' } }),
  'PUT /ng/:org/applications/:app/archive': async (audience) => ofItsOwn(audience),
  'PUT /ng/:org/applications/:app/restore': async (audience) => ofItsOwn(audience),
  'PUT /ng/:org/applications/:app/reset': async (audience) => ofItsOwn(audience),
  ...Object.fromEntries(
    ['history/interval', 'history/interval/defense'].flatMap((end) => [
      [`GET /ng/:org/applications/:app/${end}`, () => ({ query: 'interval=WEEK&environment=QA' })],
    ]),
  ),
  'GET /ng/:org/history/scores/interval': () => ({ query: 'interval=YEAR' }),
  'GET /ng/:org/history/scores/interval/defense': () => ({ query: 'interval=MONTH' }),
  ...Object.fromEntries(
    ['', '/application', '/server', '/trace'].map((end) => [
      `GET /ng/:org/events${end}`,
      () => ({ query: 'limit=3' }),
    ]),
  ),
  'GET /ng/:org/search': () => ({ query: 'q=sh' }),
  ...Object.fromEntries(
    ['additions', 'subtractions', 'unchanged'].map((what) => [
      `GET /ng/organizations/:org/applications/:app/vulnerabilities/diff/${what}`,
      ({ variables: { session } }: Audience) => ({ query: `from=none&to=${session}` }),
    ]),
  ),
  'GET /ng/:org/orgtraces/stats/trend/:interval/new': () => ({ variables: { interval: 'week' } }),
  'GET /ng/:org/orgtraces/stats/trend/:interval/total': () => ({
    variables: { interval: 'quarter' },
  }),
  'POST /ng/:org/traces/:app/snapshots/severity': () => ({ json: { interval: 'week' } }),
  'POST /ng/:org/traces/:app/snapshots/discovery': () => ({ json: { interval: 'MONTH' } }),
  'GET /ng/:org/traces/:trace/events/:event/details': () => ({ variables: { event: '1' } }),
  'GET /ng/:org/traces/:q': () => ({ variables: { q: 'cookie' } }),
  'POST /ng/:org/applications/:app/traces/:trace/notes': () => ({ json: { note: 'seen' } }),
  'PUT /ng/:org/applications/:app/traces/:trace/notes/:note': async (audience) => ({
    ...(await withNote(audience)),
    json: { note: 'seen again' },
  }),
  'DELETE /ng/:org/applications/:app/traces/:trace/notes/:note': withNote,
  'PUT /ng/:org/orgtraces/mark': ({ variables: { trace } }) => ({
    json: { traces: [trace], status: 'Confirmed', note: 'it is one' },
  }),
  'PUT /ng/:org/traces/:app/mark': ({ variables: { trace } }) => ({
    json: { traces: [trace], status: 'NotAProblem', substatus: 'it is none' },
  }),
  ...Object.fromEntries(
    ['orgtraces', 'traces/:app', 'servertraces/:server'].flatMap((base) => [
      [
        `PUT /ng/:org/${base}/trace/:trace/severity`,
        () => ({ json: { severity: 'CRITICAL', override: true } }),
      ],
      [`DELETE /ng/:org/${base}/trace/:trace`, withVulnerability],
      [
        `DELETE /ng/:org/${base}`,
        async (audience: Audience) => {
          const { variables } = await withVulnerability(audience)
          return { json: { traces: [variables.trace] } }
        },
      ],
    ]),
  ),
  ...Object.fromEntries(
    ['orgtraces', 'traces/:app', 'servertraces/:server'].flatMap((base) =>
      ['csv', 'xml'].map((format) => [
        `POST /ng/:org/${base}/export/${format}`,
        ({ variables: { trace } }: Audience) => ({ query: `traces=${trace}` }),
      ]),
    ),
  ),
  'POST /ng/:org/applications/:app/attestation': () => ({
    json: { showVulnerabilitiesDetails: true, showRouteObservations: true },
  }),
  'POST /ng/organizations/:org/applications/:app/sarif': () => ({
    json: { toolTypes: ['ASSESS'] },
  }),
  'POST /ng/organizations/:org/applications/:app/sarif/async': () => ({
    json: { toolTypes: ['ASSESS', 'SCA'], severities: ['HIGH'], quickFilter: 'OPEN' },
  }),
  'PUT /ng/:org/tags/traces': ({ variables: { trace } }) => ({
    json: { traces_id: [trace], tags: ['urgent'] },
  }),
  'POST /ng/:org/tags/traces/bulk': ({ variables: { trace } }) => ({
    json: { traces_uuid: [trace] },
  }),
  'PUT /ng/:org/tags/traces/bulk': ({ variables: { trace } }) => ({
    json: { traces_uuid: [trace], tags: ['late'] },
  }),
  'DELETE /ng/:org/tags/trace/:trace': () => ({ json: { tag: 'late' } }),
  'PUT /ng/:org/tags/applications': ({ variables: { app } }) => ({
    json: { applications_id: [app], tags: ['retail'] },
  }),
  'PUT /ng/:org/tags/applications/bulk': ({ variables: { app } }) => ({
    json: { applications_id: [app], tags: ['blue'], tags_remove: ['green'] },
  }),
  'GET /ng/:org/tags/applications/bulk': ({ variables: { app } }) => ({
    query: `applicationsId=${app}`,
  }),
  'DELETE /ng/:org/tags/application/:app': () => ({ json: { tag: 'blue' } }),
  'POST /ng/:org/rules/:rule': () => ({
    variables: { rule: 'csrf' },
    json: { enabled: true, environment: 'QA' },
  }),
  'PUT /ng/organizations/:org/assess/rules/:rule/configuration': () => ({
    variables: { rule: 'csrf' },
    json: { developmentEnabled: true },
  }),
  'PUT /ng/:org/assess/rules/configs/app/:app/config': () => ({
    json: { rule_name: 'csrf', enabled: false, environment: 'QA' },
  }),
  'PUT /ng/:org/assess/rules/configs/app/:app/bulk': () => ({
    json: { rule_names: ['csrf', 'xxe'], dev_enabled: true, qa_enabled: true, prod_enabled: true },
  }),
  'POST /ng/:org/securityChecks': ({ variables: { app } }) => ({
    json: {
      application_id: app,
      job_start_time: 0,
      origin: 'JENKINS',
      security_check_filter: { query_by: 'APP_VERSION_TAG', app_version_tags: [] },
    },
  }),
  'POST /ng/:org/jobOutcomePolicies': () => ({ json: POLICY }),
  'PUT /ng/:org/jobOutcomePolicies/:policy': async (audience) => ({
    ...(await withPolicy(audience)),
    json: POLICY,
  }),
  'DELETE /ng/:org/jobOutcomePolicies/:policy': withPolicy,
}

const POLICY = { name: 'none', outcome: 'FAIL', app_criterion: 'ALL', rule_severities: ['HIGH'] }

/** An application that nothing else is asked about: it is archived and reset. */
async function ofItsOwn({ teamServer, shop, count }: Audience) {
  const { store, clock } = teamServer
  const id = `00000000-0000-4000-8000-${String(count()).padStart(12, '0')}`
  const now = clock.now()
  await store.changeApplication(shop.id, `app ${id}`, () => ({
    id,
    name: `app ${id}`,
    language: 'Node',
    tags: [],
    metadata: {},
    isArchived: false,
    createdAt: now,
    lastSeenAt: now,
  }))
  return { variables: { app: id } }
}

/** A vulnerability of the audience's application that may be deleted. */
async function withVulnerability({ teamServer, shop, count }: Audience) {
  const { store, clock } = teamServer
  const url = `/deleted/${count()}`
  const stored = {
    receivedAt: clock.now(),
    organizationId: shop.id,
    agentUserName: shop.agent.userName,
    application: 'shop',
    report: { id: url, type: 'finding', rule: 'csrf', url },
  } as const
  await store.feedInventory(shop.id, [stored])
  const { vulnerabilities } = await store.searchVulnerabilities(shop.id, {
    filter: { urls: new Set([url]) },
  })
  return { variables: { trace: vulnerabilities[0]?.uuid ?? '' } }
}

async function withNote({ teamServer, shop, count, variables }: Audience) {
  const id = `note-${count()}`
  const now = teamServer.clock.now()
  await teamServer.store.changeTriage(shop.id, variables.trace ?? '', (before) => ({
    ...before,
    notes: [
      ...before.notes,
      { id, text: 'x', author: 'ann', createdAt: now, changedAt: now, changedBy: 'ann' },
    ],
  }))
  return { variables: { note: id } }
}

async function withPolicy({ teamServer, shop }: Audience) {
  const policy = {
    id: 1,
    name: 'first',
    outcome: 'FAIL',
    isEnabled: true,
    applies: { to: 'all' },
    allowedBySeverity: {},
    allowedByRule: {},
    statuses: [],
    isSinceJobStart: false,
    takesQuery: false,
  } as const
  await teamServer.store.changeOrganization(
    shop.id,
    (before) => ({ ...before, jobOutcomePolicies: [policy] }),
    { at: teamServer.clock.now(), kind: 'administration', reason: 'test', detail: 'test' },
  )
  return { variables: { policy: '1' } }
}
