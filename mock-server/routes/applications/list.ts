import type { Answer } from '../../core/exchange.ts'
import { importanceOf } from '../../inventory/importance.ts'
import type { ApplicationRecord } from '../../store/records.ts'
import { done } from '../done.ts'
import { createLinkMaker } from '../listing/links.ts'
import { createQueryReader, pageOf, type QueryReader, queryOf } from '../listing/query.ts'
import { ALL_ROLES, type GuardedRoute, route, routeWithBody } from '../route.ts'
import { type ApplicationsCall, FILTER_PARAMETERS, findApplications } from './read-filter.ts'
import { applicationResource, EXPANSIONS, lookUp } from './resource.ts'
import { ApplicationsFiltersRequest } from './validators.generated.js'

const SORTS = ['appName', 'appContextPath', 'appLanguage', 'appImportance'] as const

const PAGE_PARAMETERS = {
  limit: 'How many at most; all without it',
  offset: 'How many to leave out at the start',
  sort: `${SORTS.join(', ')}, with - in front for descending; in the order of arrival without it`,
} as const

const EVERYONE = { people: ALL_ROLES }

function listAt(path: string): GuardedRoute {
  return route({
    method: 'GET',
    path,
    access: EVERYONE,
    description: {
      summary: 'List the applications that reported',
      isOurs: false,
      answer: 'ApplicationsFilterResponse',
      query: { ...FILTER_PARAMETERS, ...PAGE_PARAMETERS, expand: EXPANSIONS },
    },
    answer: (call) => list(call, call.query),
  })
}

const listByBody = routeWithBody({
  method: 'POST',
  path: '/ng/:org/applications/filter',
  access: EVERYONE,
  isBodyOptional: true,
  description: {
    summary: 'List the applications that reported, by a body',
    isOurs: false,
    request: 'ApplicationsFiltersRequest',
    answer: 'ApplicationsFilterResponse',
    query: { ...PAGE_PARAMETERS, expand: EXPANSIONS },
  },
  validator: ApplicationsFiltersRequest,
  answer: (call) => list(call, queryOf(call.query, { ...call.message })),
})

async function list(call: ApplicationsCall, parameters: URLSearchParams): Promise<Answer> {
  const query = createQueryReader(parameters)
  const found = await sorted(query, call)
  const page = query.page()
  const refused = query.refusal()
  if (refused !== undefined) return refused
  return done({
    applications: await resourcesOf(call, query, pageOf(found, page)),
    count: found.length,
  })
}

/** Shows some applications, with what was asked for. */
export async function resourcesOf(
  { organization, store, now, address }: ApplicationsCall,
  query: QueryReader,
  applications: readonly ApplicationRecord[],
): Promise<readonly object[]> {
  const expand = query.expand()
  const rendering = {
    organization,
    now,
    expand,
    lookups: await lookUp(store, organization, expand),
    links: createLinkMaker(address, expand),
  }
  return applications.map((each) => applicationResource(each, rendering))
}

const listShort = route({
  method: 'GET',
  path: '/ng/:org/applications/filter/short',
  access: EVERYONE,
  description: {
    summary: 'List the ids of applications',
    isOurs: false,
    answer: 'ApplicationShortFilterResponse',
    query: { ...FILTER_PARAMETERS, sort: PAGE_PARAMETERS.sort },
  },
  async answer(call) {
    const query = createQueryReader(call.query)
    const found = await sorted(query, call)
    const refused = query.refusal()
    if (refused !== undefined) return refused
    return done({ applications: found.map(({ id }) => ({ app_id: id })), count: found.length })
  },
})

const listNames = route({
  method: 'GET',
  path: '/ng/:org/applications/name',
  access: EVERYONE,
  description: {
    summary: 'List the names and ids of applications',
    isOurs: false,
    answer: 'ApplicationsNameResponse',
    query: FILTER_PARAMETERS,
  },
  async answer(call) {
    const query = createQueryReader(call.query)
    const found = await sorted(query, call)
    const refused = query.refusal()
    if (refused !== undefined) return refused
    return done({
      applications: found.map(({ id, name, displayName }) => ({
        app_id: id,
        name: displayName ?? name,
      })),
    })
  },
})

const COMPARES: Readonly<
  Record<(typeof SORTS)[number], (application: ApplicationRecord) => string | number>
> = {
  appName: ({ name, displayName }) => displayName ?? name,
  appContextPath: ({ path }) => path ?? '/',
  appLanguage: ({ language }) => language,
  appImportance: importanceOf,
}

/** Of equals, whichever way the sort goes, the one that became known first comes first. */
async function sorted(
  query: QueryReader,
  call: ApplicationsCall,
): Promise<readonly ApplicationRecord[]> {
  const found = await findApplications(query, call)
  const sort = query.sort(SORTS)
  if (sort === undefined) return found
  const of = COMPARES[sort.field]
  const sign = sort.isDescending ? -1 : 1
  return [...found].sort((one, other) => {
    const [first, second] = [of(one), of(other)]
    return sign * (first < second ? -1 : first > second ? 1 : 0)
  })
}

export const LIST_ROUTES: readonly GuardedRoute[] = [
  listAt('/ng/:org/applications'),
  listAt('/ng/:org/applications/filter'),
  listByBody,
  listShort,
  listNames,
]
