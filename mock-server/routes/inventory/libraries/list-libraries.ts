import type { Answer } from '../../../core/exchange.ts'
import { libraryScore } from '../../../inventory/library.ts'
import { average, score } from '../../../inventory/scores.ts'
import { done } from '../../done.ts'
import { pageOf } from '../../listing/query.ts'
import { ALL_ROLES, type GuardedRoute, route, routeWithBody } from '../../route.ts'
import { withBody } from '../body-as-query.ts'
import { LibraryFilterRequest } from '../validators.generated.js'
import {
  LIBRARY_FILTER_PARAMETERS,
  quickLibraryCounts,
  readLibraryFilter,
  readLibraryOrder,
} from './library-filter.ts'
import { libraryResource } from './library-resource.ts'
import {
  aboutLibraries,
  type LibrariesFound,
  type LibraryScope,
  ORGANIZATION,
  SCOPES,
} from './library-scope.ts'

const LIST_PARAMETERS = {
  ...LIBRARY_FILTER_PARAMETERS,
  limit: 'How many at most; all without it',
  offset: 'How many to leave out at the start',
  sort: 'fileName, score or usage; with - in front for descending',
  expand: 'vulns, apps, servers, quickFilters; skip_links leaves links out',
}

/** Lists libraries. */
const listAt = (scope: LibraryScope, end: '' | '/filter') =>
  route({
    method: 'GET',
    path: `${scope.path}${end}`,
    access: { people: ALL_ROLES },
    description: { ...LIST, summary: `List the libraries of ${scope.of}` },
    answer: (call) => aboutLibraries(call, call.query, listed),
  })

const LIST = { isOurs: false, answer: 'LibrariesResponse', query: LIST_PARAMETERS }

/** The same, the filter as a body. */
const searchLibraries = routeWithBody({
  method: 'POST',
  path: `${ORGANIZATION.path}/filter`,
  access: { people: ALL_ROLES },
  description: {
    ...LIST,
    summary: `List the libraries of ${ORGANIZATION.of}`,
    request: 'LibraryFilterRequest',
  },
  isBodyOptional: true,
  validator: LibraryFilterRequest,
  answer: (call) => aboutLibraries(call, withBody(call.query, call.message), listed),
})

const countLibraries = route({
  method: 'GET',
  path: `${ORGANIZATION.path}/filters/quick`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Count the libraries of each quick filter',
    isOurs: false,
    answer: 'QuickFilterResponse',
  },
  answer: (call) =>
    aboutLibraries(call, call.query, ({ libraries }) =>
      done({ filters: quickLibraryCounts(libraries) }),
    ),
})

export const LISTS: readonly GuardedRoute[] = [
  ...SCOPES.flatMap((scope) => [listAt(scope, ''), listAt(scope, '/filter')]),
  searchLibraries,
  countLibraries,
]

function listed({ libraries, scene, reader }: LibrariesFound): Answer {
  const matches = readLibraryFilter(reader, scene.applications, scene.servers)
  const sorted = readLibraryOrder(reader)
  const page = reader.page()
  const refused = reader.refusal()
  if (refused !== undefined) return refused
  const found = libraries.filter(matches)
  const grade = average(found.map(libraryScore))
  const months = found.reduce((sum, { monthsOutdated }) => sum + monthsOutdated, 0)
  return done({
    libraries: pageOf(sorted(found), page).map((library) => libraryResource(library, scene)),
    count: found.length,
    averageMonths: found.length === 0 ? 0 : Math.round(months / found.length),
    averageScore: grade,
    averageScoreLetter: score(grade).letter,
    ...(scene.expand.has('quickfilters') ? { quickFilters: quickLibraryCounts(libraries) } : {}),
  })
}
