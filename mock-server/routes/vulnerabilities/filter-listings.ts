import type { Answer } from '../../core/exchange.ts'
import { ownValue } from '../../own-value.ts'
import { done } from '../done.ts'
import { notFound } from '../listing/not-found.ts'
import { createQueryReader } from '../listing/query.ts'
import { ALL_ROLES, type Call, type GuardedRoute, route } from '../route.ts'
import { byQueryOrBody } from './by-query-or-body.ts'
import { FILTER_KINDS } from './filter-values.ts'
import { readFilter } from './read-filter.ts'
import {
  APPLICATION_SCOPE,
  inside,
  ORGANIZATION_SCOPE,
  SCOPES,
  type Scope,
  type VulnerabilityCall,
} from './scope.ts'
import { withoutArchived } from './without-archived.ts'

/** Lists the values of one kind of filter with how many vulnerabilities have each. */
async function listValues(
  call: VulnerabilityCall,
  parameters: URLSearchParams,
  scope: Scope,
): Promise<Answer> {
  const query = createQueryReader(parameters)
  const found = await inside(call, scope)
  if (found.status === 'absent') return found.answer
  const kind = ownValue(FILTER_KINDS, (call.parameters.type ?? '').toLowerCase())
  if (kind === undefined) return notFound('kind of filter')
  const filter = await readFilter(query, call, found.surroundings, found.names)
  const refused = query.refusal()
  if (refused !== undefined) return refused
  const filters = await kind.count(call, filter, found.surroundings)
  return done({ filters: filters.map((each) => ({ ...each, new_group: false })) })
}

function listValuesOf(scope: Scope): readonly GuardedRoute[] {
  return byQueryOrBody({
    path: `${scope.base}/filter/:type/listing`,
    description: {
      summary: `List the values of a filter for vulnerabilities ${scope.words}`,
      isOurs: false,
      answer: 'TraceFilterCatalogDetailsResponse',
    },
    answer: (call, parameters) => listValues(call, parameters, scope),
  })
}

/** Lists the kinds of filters there are. */
function listKinds(path: string, scope: Scope): GuardedRoute {
  return route({
    method: 'GET',
    path,
    access: { people: ALL_ROLES },
    description: {
      summary: `List the filters for vulnerabilities ${scope.words}`,
      isOurs: false,
      answer: 'TraceFilterCatalogResponse',
      ...(scope === ORGANIZATION_SCOPE
        ? { query: { filterType: 'APPLICATION, ORGANIZATION or SERVER' } }
        : {}),
    },
    async answer(call: Call) {
      const query = createQueryReader(call.query)
      query.choice('filterType', ['APPLICATION', 'ORGANIZATION', 'SERVER'])
      const refused = query.refusal()
      if (refused !== undefined) return refused
      const found = await inside(call, scope)
      if (found.status === 'absent') return found.answer
      const catalogs = []
      for (const [keycode, { label, count }] of Object.entries(FILTER_KINDS)) {
        const filter =
          found.names === undefined
            ? withoutArchived(found.surroundings.applications.values())
            : { applications: found.names }
        const values = await count(call, filter, found.surroundings)
        catalogs.push({ keycode, label, count: values.length, new_group: false })
      }
      return done({ catalogs })
    },
  })
}

export const LISTING_ROUTES: readonly GuardedRoute[] = [
  ...SCOPES.flatMap(listValuesOf),
  listKinds('/ng/:org/traces/filters/listing', ORGANIZATION_SCOPE),
  listKinds('/ng/:org/traces/:app/filters/listing', APPLICATION_SCOPE),
]
