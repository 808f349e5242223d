import type { Answer } from '../../core/exchange.ts'
import { queryOf } from '../listing/query.ts'
import {
  ALL_ROLES,
  type GuardedRoute,
  type RouteDescription,
  route,
  routeWithBody,
} from '../route.ts'
import { FILTER_PARAMETERS } from './read-filter.ts'
import type { VulnerabilityCall } from './scope.ts'
import { VulnerabilityFilterRequest } from './validators.generated.js'

/** What is asked of vulnerabilities by a filter. */
export interface FilteredQuestion {
  readonly path: string
  readonly description: RouteDescription
  readonly answer: (call: VulnerabilityCall, parameters: URLSearchParams) => Promise<Answer>
}

/** Asks by the query; by a body that says the same, too, but of servers: for those no page has such a call. */
export function byQueryOrBody({
  path,
  description,
  answer,
}: FilteredQuestion): readonly GuardedRoute[] {
  const head = { path, access: { people: ALL_ROLES } }
  const { query, summary } = description
  const asked = route({
    ...head,
    method: 'GET',
    description: { ...description, query: { ...FILTER_PARAMETERS, ...query } },
    answer: (call) => answer(call, call.query),
  })
  if (path.includes(':server')) return [asked]
  const asBody = routeWithBody({
    ...head,
    method: 'POST',
    isBodyOptional: true,
    description: {
      ...description,
      summary: `${summary}, by a body`,
      request: 'VulnerabilityFilterRequest',
    },
    validator: VulnerabilityFilterRequest,
    answer: (call) => answer(call, queryOf(call.query, { ...call.message })),
  })
  return [asked, asBody]
}
