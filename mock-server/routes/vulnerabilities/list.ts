import type { Answer } from '../../core/exchange.ts'
import {
  VULNERABILITY_ORDERS,
  type VulnerabilityFilter,
} from '../../inventory/vulnerability-filter.ts'
import type { VulnerabilitySearch } from '../../store/inventory-store.ts'
import { done } from '../done.ts'
import { createLinkMaker } from '../listing/links.ts'
import { createQueryReader, type QueryReader } from '../listing/query.ts'
import { ALL_ROLES, type GuardedRoute, route } from '../route.ts'
import { byQueryOrBody } from './by-query-or-body.ts'
import { FILTER_PARAMETERS, readFilter } from './read-filter.ts'
import { EXPANSIONS, isVisible, vulnerabilityResource } from './resource.ts'
import { type Inside, inside, type Scope, type VulnerabilityCall } from './scope.ts'
import type { Surroundings } from './surroundings.ts'

/** `metadata` is documented and means nothing here: the order of arrival. */
const SORTS = [...VULNERABILITY_ORDERS.filter((order) => order !== 'arrival'), 'metadata'] as const

export const PAGE_PARAMETERS = {
  limit: 'How many at most; all without it',
  offset: 'How many to leave out at the start',
  sort: `${SORTS.join(', ')}, with - in front for descending; in the order of arrival without it`,
} as const

/** Lists vulnerabilities, by the query or by a body that says the same. */
export function listRoutes(scope: Scope): readonly GuardedRoute[] {
  return byQueryOrBody({
    path: `${scope.base}/filter`,
    description: {
      summary: `List the vulnerabilities ${scope.words}`,
      isOurs: false,
      answer: 'TraceFilterResponse',
      query: { ...PAGE_PARAMETERS, expand: EXPANSIONS },
    },
    answer: (call, parameters) => list(call, parameters, scope),
  })
}

/** Lists the ids of vulnerabilities. */
export function listIds(scope: Scope): GuardedRoute {
  return route({
    method: 'GET',
    path: `${scope.base}/ids`,
    access: { people: ALL_ROLES },
    description: {
      summary: `List the ids of the vulnerabilities ${scope.words}`,
      isOurs: false,
      answer: 'TraceUUIDsResponse',
      query: { ...FILTER_PARAMETERS, sort: PAGE_PARAMETERS.sort },
    },
    async answer(call) {
      const query = createQueryReader(call.query)
      const found = await inside(call, scope)
      if (found.status === 'absent') return found.answer
      const search = await readSearch(query, call, found)
      const refused = query.refusal()
      if (refused !== undefined) return refused
      const { vulnerabilities } = await call.store.searchVulnerabilities(
        call.organization.id,
        search,
      )
      return done({ traces: vulnerabilities.map(({ uuid }) => uuid) })
    },
  })
}

/** Reads what is looked for and in which order. */
export async function readSearch(
  query: QueryReader,
  call: VulnerabilityCall,
  { surroundings, names }: Extract<Inside, { readonly status: 'inside' }>,
): Promise<VulnerabilitySearch> {
  const filter = await readFilter(query, call, surroundings, names)
  const sort = query.sort(SORTS)
  if (sort === undefined || sort.field === 'metadata') return { filter }
  return { filter, order: sort.field, isDescending: sort.isDescending }
}

async function list(
  call: VulnerabilityCall,
  parameters: URLSearchParams,
  scope: Scope,
): Promise<Answer> {
  const query = createQueryReader(parameters)
  const found = await inside(call, scope)
  if (found.status === 'absent') return found.answer
  const search = await readSearch(query, call, found)
  const page = query.page()
  const refused = query.refusal()
  if (refused !== undefined) return refused
  const { surroundings } = found
  const { total, vulnerabilities } = await call.store.searchVulnerabilities(call.organization.id, {
    ...search,
    ...page,
  })
  const expand = query.expand()
  const links = createLinkMaker(call.address, expand)
  const rendering = { surroundings, expand, links }
  const hidden = await countHidden(call, surroundings, search.filter)
  return done({
    traces: vulnerabilities.map((record) => vulnerabilityResource(record, rendering)),
    count: total,
    licensedCount: total - hidden,
    ...links(['self', pathOf(call, scope)]),
  })
}

/** How many of them are of applications without a license. */
async function countHidden(
  { store, organization }: VulnerabilityCall,
  { applications }: Surroundings,
  filter: VulnerabilityFilter = {},
): Promise<number> {
  const names = [...applications.values()]
    .filter((each) => !isVisible(each) && filter.applications?.has(each.name) !== false)
    .map(({ name }) => name)
  if (names.length === 0) return 0
  const search = { filter: { ...filter, applications: new Set(names) }, limit: 0 }
  return (await store.searchVulnerabilities(organization.id, search)).total
}

function pathOf({ parameters }: VulnerabilityCall, { base }: Scope): string {
  return `${base.replace(/:(\w+)/g, (_variable, name) => parameters[name] ?? '')}/filter`
}
