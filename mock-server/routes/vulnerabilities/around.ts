import { done } from '../done.ts'
import { createLinkMaker } from '../listing/links.ts'
import { createQueryReader, queryOf } from '../listing/query.ts'
import { ALL_ROLES, type Call, type GuardedRoute, route, routeWithBody } from '../route.ts'
import { readFilter } from './read-filter.ts'
import { sessionMetadata, vulnerabilityResource } from './resource.ts'
import { APPLICATION_SCOPE, inside, SCOPES, type Scope, withVulnerability } from './scope.ts'
import { serversOf, surroundingsOf } from './surroundings.ts'
import { VulnerabilityFilterRequest } from './validators.generated.js'

const EVERYONE = { people: ALL_ROLES }
const ONE = `${APPLICATION_SCOPE.base}/trace/:trace`

const listServers = route({
  method: 'GET',
  path: `${ONE}/servers`,
  access: EVERYONE,
  description: {
    summary: 'List the servers that an application with a vulnerability runs on',
    isOurs: false,
    answer: 'TraceServerResponse',
  },
  answer: (call: Call) =>
    withVulnerability(call, APPLICATION_SCOPE, (record, surroundings) => {
      const application = surroundings.applications.get(record.application)
      return done({
        servers: serversOf(surroundings, application).map((server) => ({
          server_id: server.id,
          name: server.name,
          server_environment: server.environment,
          agent_version: '',
          enabled: true,
          first_time_seen: record.firstSeenAt.getTime(),
          last_time_seen: record.lastSeenAt.getTime(),
          total_traces_received: record.count,
        })),
      })
    }),
})

const showRequirements = route({
  method: 'GET',
  path: `${ONE}/requirements`,
  access: EVERYONE,
  description: {
    summary: 'Say what has to be done before a vulnerability is closed: nothing here',
    isOurs: false,
    answer: 'TraceRequirementsResponse',
  },
  answer: (call: Call) =>
    withVulnerability(call, APPLICATION_SCOPE, () => done({ requirements: {} })),
})

const showMetadata = route({
  method: 'GET',
  path: `${ONE}/metadata`,
  access: EVERYONE,
  description: {
    summary: 'Show the metadata of the sessions in which a vulnerability was seen',
    isOurs: false,
    answer: 'VulnerabilityInstanceSessionMetadataResponse',
  },
  answer: (call: Call) =>
    withVulnerability(call, APPLICATION_SCOPE, (record, surroundings) =>
      done({ session_metadata: sessionMetadata(record, surroundings) }),
    ),
})

/** No remediation policy is modelled, so none is violated. */
function listViolations(scope: Scope): GuardedRoute {
  return route({
    method: 'GET',
    path: `${scope.base}/policy/violations`,
    access: EVERYONE,
    description: {
      summary: `List the policies that vulnerabilities ${scope.words} violate: none is modelled`,
      isOurs: false,
      answer: 'TraceRemediationPolicyViolationsResponse',
    },
    async answer(call: Call) {
      const found = await inside(call, scope)
      return found.status === 'absent' ? found.answer : done({ traces: [] })
    },
  })
}

/** As many as a search shows. */
const SEARCH_LIMIT = 100

const search = route({
  method: 'GET',
  path: '/ng/:org/traces/:q',
  access: EVERYONE,
  description: {
    summary:
      'Search for vulnerabilities by part of a title, a rule or a URL, or by the beginning of an id',
    isOurs: false,
    answer: 'TracesSearchResponse',
  },
  async answer(call: Call) {
    const expand = createQueryReader(call.query).expand()
    const surroundings = await surroundingsOf(call)
    const { vulnerabilities } = await call.store.searchVulnerabilities(call.organization.id, {
      filter: { text: call.parameters.q ?? '' },
      limit: SEARCH_LIMIT,
    })
    const links = createLinkMaker(call.address, expand)
    const rendering = { surroundings, expand, links }
    return done({ traces: vulnerabilities.map((each) => vulnerabilityResource(each, rendering)) })
  },
})

const listApplicationMetadata = routeWithBody({
  method: 'POST',
  path: '/ng/:org/orgtraces/filter/application-metadata/listing',
  access: EVERYONE,
  isBodyOptional: true,
  description: {
    summary: 'List the metadata of the applications that have vulnerabilities, by a body',
    isOurs: false,
    request: 'VulnerabilityFilterRequest',
    answer: 'MetadataFilterResponse',
  },
  validator: VulnerabilityFilterRequest,
  async answer(call) {
    const surroundings = await surroundingsOf(call)
    const { applications } = surroundings
    const query = createQueryReader(queryOf(call.query, { ...call.message }))
    const filter = await readFilter(query, call, surroundings, undefined)
    const refused = query.refusal()
    if (refused !== undefined) return refused
    const { store, organization } = call
    const tallies = await store.tallyVulnerabilities(organization.id, filter, ['application'])
    const values = new Map<string, Map<string, number>>()
    for (const {
      values: [name = ''],
      count,
    } of tallies) {
      for (const [field, value] of Object.entries(applications.get(name)?.metadata ?? {})) {
        const counts = values.get(field) ?? new Map<string, number>()
        values.set(field, counts.set(value, (counts.get(value) ?? 0) + count))
      }
    }
    return done({
      filters: [...values].map(([field, counts]) => ({
        id: field,
        label: field,
        agentLabel: field,
        fieldType: 'STRING',
        values: [...counts].map(([value, count]) => ({ value, count, subfieldValues: [] })),
      })),
    })
  },
})

export const AROUND_ROUTES: readonly GuardedRoute[] = [
  listServers,
  showRequirements,
  showMetadata,
  ...SCOPES.map(listViolations),
  search,
  listApplicationMetadata,
]
