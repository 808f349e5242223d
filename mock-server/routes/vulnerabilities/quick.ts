import type { Answer } from '../../core/exchange.ts'
import { done } from '../done.ts'
import { createLinkMaker } from '../listing/links.ts'
import { createQueryReader, queryOf } from '../listing/query.ts'
import { ALL_ROLES, type GuardedRoute, route, routeWithBody } from '../route.ts'
import { QUICK_FILTERS } from './quick-filters.ts'
import { FILTER_PARAMETERS, readFilter } from './read-filter.ts'
import { inside, ORGANIZATION_SCOPE, SCOPES, type Scope, type VulnerabilityCall } from './scope.ts'
import { VulnerabilityFilterRequest } from './validators.generated.js'

/** Counts what each quick filter would find beside the given filter. */
async function countQuick(
  call: VulnerabilityCall,
  parameters: URLSearchParams,
  scope: Scope,
): Promise<Answer> {
  const query = createQueryReader(parameters)
  const found = await inside(call, scope)
  if (found.status === 'absent') return found.answer
  const filter = await readFilter(query, call, found.surroundings, found.names)
  const refused = query.refusal()
  if (refused !== undefined) return refused
  const links = createLinkMaker(call.address, query.expand())
  const base = scope.base.replace(/:(\w+)/g, (_variable, name) => call.parameters[name] ?? '')
  const filters = []
  for (const { type, name, narrowed } of QUICK_FILTERS) {
    const search = { filter: narrowed(filter), limit: 0 }
    const { total } = await call.store.searchVulnerabilities(call.organization.id, search)
    const target = ['filter', `${base}/filter?quickFilter=${type}`] as const
    filters.push({ filterType: type, name, count: total, ...links(target) })
  }
  return done({ filters })
}

const answer = 'QuickFilterResponse'

const byBody = routeWithBody({
  method: 'POST',
  path: `${ORGANIZATION_SCOPE.base}/quick`,
  access: { people: ALL_ROLES },
  isBodyOptional: true,
  description: {
    summary: 'Count the vulnerabilities of each quick filter, by a body',
    isOurs: false,
    request: 'VulnerabilityFilterRequest',
    answer,
  },
  validator: VulnerabilityFilterRequest,
  answer: (call) => countQuick(call, queryOf(call.query, { ...call.message }), ORGANIZATION_SCOPE),
})

export const QUICK_ROUTES: readonly GuardedRoute[] = [
  ...SCOPES.map((scope) =>
    route({
      method: 'GET',
      path: `${scope.base}/quick`,
      access: { people: ALL_ROLES },
      description: {
        summary: `Count the vulnerabilities ${scope.words} of each quick filter`,
        isOurs: false,
        answer,
        query: FILTER_PARAMETERS,
      },
      answer: (call) => countQuick(call, call.query, scope),
    }),
  ),
  byBody,
]
