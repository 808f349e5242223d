import type { Answer } from '../../../core/exchange.ts'
import type { LibraryRecord } from '../../../inventory/library.ts'
import { done } from '../../done.ts'
import { notFound } from '../../listing/not-found.ts'
import { ALL_ROLES, type GuardedRoute, route, routeWithBody } from '../../route.ts'
import { withBody } from '../body-as-query.ts'
import { type FilterEntry, filterEntries } from '../filter-entries.ts'
import { LibraryFilterRequest } from '../validators.generated.js'
import { LIBRARY_FILTER_PARAMETERS, readLibraryFilter } from './library-filter.ts'
import { type LibraryScene, libraryGrade } from './library-resource.ts'
import {
  aboutLibraries,
  type LibrariesFound,
  type LibraryScope,
  ORGANIZATION,
  SCOPES,
} from './library-scope.ts'

/** What libraries can be filtered by: the word in the path, and what people read. */
const FILTERS = {
  apps: 'Applications',
  servers: 'Servers',
  environments: 'Environments',
  languages: 'Languages',
  licenses: 'Licenses',
  tags: 'Tags',
  grades: 'Grades',
  status: 'Status',
} as const
type FilterType = keyof typeof FILTERS

const VALUES = {
  isOurs: false,
  answer: 'LibraryFilterCatalogDetailsResponse',
  query: LIBRARY_FILTER_PARAMETERS,
}

const valuesAt = (scope: LibraryScope) =>
  route({
    method: 'GET',
    path: `${scope.path}/filters/:type/listing`,
    access: { people: ALL_ROLES },
    description: {
      ...VALUES,
      summary: `List the values of a filter of the libraries of ${scope.of}`,
    },
    answer: (call) =>
      aboutLibraries(call, call.query, (found) => listedValues(found, call.parameters.type)),
  })

const foundValues = routeWithBody({
  method: 'POST',
  path: `${ORGANIZATION.path}/filters/:type/listing`,
  access: { people: ALL_ROLES },
  description: {
    ...VALUES,
    summary: `List the values of a filter of the libraries of ${ORGANIZATION.of}`,
    request: 'LibraryFilterRequest',
  },
  isBodyOptional: true,
  validator: LibraryFilterRequest,
  answer: (call) =>
    aboutLibraries(call, withBody(call.query, call.message), (found) =>
      listedValues(found, call.parameters.type),
    ),
})

const FILTER_TYPES = ['APPLICATION', 'ORGANIZATION', 'SERVER'] as const

const listFilters = route({
  method: 'GET',
  path: `${ORGANIZATION.path}/filters/listing`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'List what libraries can be filtered by, and how many values there are',
    isOurs: false,
    answer: 'LibraryFilterCatalogResponse',
    query: { filterType: `${FILTER_TYPES.join(', ')}` },
  },
  answer: (call) =>
    aboutLibraries(call, call.query, ({ libraries, scene, reader }) => {
      reader.required('filterType', reader.choice('filterType', FILTER_TYPES))
      const catalog = Object.entries(FILTERS).map(([keycode, label]) => ({
        keycode,
        label,
        // The words are those of the table.
        count: valuesOf(keycode as FilterType, libraries, scene).length,
      }))
      return reader.refusal() ?? done({ catalog })
    }),
})

export const LISTINGS: readonly GuardedRoute[] = [...SCOPES.map(valuesAt), foundValues, listFilters]

function listedValues({ libraries, scene, reader }: LibrariesFound, given = ''): Answer {
  const word = given.toLowerCase()
  if (!Object.hasOwn(FILTERS, word)) return notFound('filter')
  const found = libraries.filter(readLibraryFilter(reader, scene.applications, scene.servers))
  return reader.refusal() ?? done({ filters: valuesOf(word as FilterType, found, scene) })
}

function valuesOf(
  type: FilterType,
  libraries: readonly LibraryRecord[],
  { applications, servers }: LibraryScene,
): readonly FilterEntry[] {
  const users = ({ uses }: LibraryRecord) => applications.filter(({ name }) => uses.has(name))
  const serversOf = (library: LibraryRecord) => {
    const ids = new Set(users(library).map(({ id }) => id))
    return servers.filter(({ applicationIds }) => [...applicationIds].some((id) => ids.has(id)))
  }
  switch (type) {
    case 'apps': {
      const names = new Map(
        applications.map(({ id, name, displayName }) => [id, displayName ?? name]),
      )
      return filterEntries(
        libraries.flatMap((each) => users(each).map(({ id }) => id)),
        names,
      )
    }
    case 'servers': {
      const names = new Map(
        servers.map(({ id, name, displayName }) => [String(id), displayName ?? name]),
      )
      return filterEntries(
        libraries.flatMap((each) => serversOf(each).map(({ id }) => String(id))),
        names,
      )
    }
    case 'environments':
      return filterEntries(
        libraries.flatMap((each) => [
          ...new Set(serversOf(each).map(({ environment }) => environment)),
        ]),
      )
    case 'languages':
      return filterEntries(libraries.map(({ language }) => language))
    case 'licenses':
      return filterEntries(libraries.flatMap(({ license = [] }) => license))
    case 'tags':
      return filterEntries(libraries.flatMap(({ tags }) => tags))
    case 'grades':
      return filterEntries(libraries.map(libraryGrade))
    case 'status':
      return []
  }
}
