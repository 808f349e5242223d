import { type LibraryRecord, libraryScore } from '../../../inventory/library.ts'
import { LETTERS } from '../../../inventory/scores.ts'
import type { ApplicationRecord, ServerRecord } from '../../../store/records.ts'
import type { QueryReader } from '../../listing/query.ts'
import { ENVIRONMENTS } from '../servers/server-filter.ts'
import { libraryFileName, libraryGrade } from './library-resource.ts'

const QUICK_FILTERS = ['ALL', 'VULNERABLE', 'VIOLATION', 'PRIVATE', 'PUBLIC', 'HIGH_RISK'] as const
type QuickFilter = (typeof QUICK_FILTERS)[number]

const SEVERITIES = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const

/** What the parameters of a list of libraries mean, for the OpenAPI document. */
export const LIBRARY_FILTER_PARAMETERS = {
  q: 'Part of the name or the version',
  apps: 'Ids of applications',
  servers: 'Ids of servers',
  environments: 'DEVELOPMENT, QA or PRODUCTION',
  tags: 'One of these tags',
  languages: 'Languages, in any case',
  licenses: 'SPDX expressions',
  grades: 'Letters from A to F',
  severities: 'LOW, MEDIUM, HIGH or CRITICAL, of published weaknesses',
  includeUsed: 'false leaves out those of which classes were used',
  includeUnused: 'false leaves out those of which none was',
  quickFilter: `One of ${QUICK_FILTERS.join(', ')}`,
}

type Matches = (library: LibraryRecord) => boolean

/** Which libraries a query asks for. */
export function readLibraryFilter(
  reader: QueryReader,
  applications: readonly ApplicationRecord[],
  servers: readonly ServerRecord[],
): Matches {
  const names = namesOf(reader, applications, servers)
  const text = reader.text('q')?.toLowerCase()
  const tags = new Set(reader.list('tags'))
  const languages = new Set(reader.list('languages').map((each) => each.toLowerCase()))
  const licenses = new Set(reader.list('licenses'))
  const grades = new Set<string>(reader.choices('grades', LETTERS))
  const severities = new Set<string>(reader.choices('severities', SEVERITIES))
  const isUsedWanted = reader.flag('includeUsed') ?? true
  const isUnusedWanted = reader.flag('includeUnused') ?? true
  const isQuick = QUICK[reader.choice('quickFilter', QUICK_FILTERS) ?? 'ALL']
  return (library) =>
    isQuick(library) &&
    (names === undefined || [...library.uses.keys()].some((name) => names.has(name))) &&
    (text === undefined || `${library.name} ${library.version}`.toLowerCase().includes(text)) &&
    (tags.size === 0 || library.tags.some((tag) => tags.has(tag))) &&
    (languages.size === 0 || languages.has(library.language.toLowerCase())) &&
    (licenses.size === 0 || licenses.has(library.license ?? '')) &&
    (grades.size === 0 || grades.has(libraryGrade(library))) &&
    (severities.size === 0 ||
      library.weaknesses.some(({ severity }) => severities.has(severity.toUpperCase()))) &&
    (isUsed(library) ? isUsedWanted : isUnusedWanted)
}

/** The names of the applications that a query asks for, by themselves or by where they run. */
function namesOf(
  reader: QueryReader,
  applications: readonly ApplicationRecord[],
  servers: readonly ServerRecord[],
): ReadonlySet<string> | undefined {
  const ids = new Set(reader.list('apps').map((id) => id.toLowerCase()))
  const serverIds = new Set(reader.list('servers'))
  const environments = new Set<string>([
    ...reader.choices('environments', ENVIRONMENTS),
    ...reader.choices('environment', ENVIRONMENTS),
  ])
  if (ids.size + serverIds.size + environments.size === 0) return undefined
  const found = applications.filter(({ id }) => {
    if (ids.size > 0 && !ids.has(id)) return false
    const on = servers.filter(({ applicationIds }) => applicationIds.has(id))
    return (
      (serverIds.size === 0 || on.some((each) => serverIds.has(String(each.id)))) &&
      (environments.size === 0 || on.some(({ environment }) => environments.has(environment)))
    )
  })
  return new Set(found.map(({ name }) => name))
}

function isUsed({ uses }: LibraryRecord): boolean {
  return [...uses.values()].some(({ classesUsed }) => classesUsed > 0)
}

const QUICK: Readonly<Record<QuickFilter, Matches>> = {
  ALL: () => true,
  VULNERABLE: ({ weaknesses }) => weaknesses.length > 0,
  // There is no policy that they could violate, and none is somebody's own.
  VIOLATION: () => false,
  PRIVATE: () => false,
  PUBLIC: () => true,
  HIGH_RISK: ({ weaknesses }) =>
    weaknesses.some(({ severity }) => severity === 'high' || severity === 'critical'),
}

/** How many there are of each quick filter. */
export function quickLibraryCounts(libraries: readonly LibraryRecord[]) {
  return QUICK_FILTERS.map((filterType) => ({
    filterType,
    name: filterType,
    count: libraries.filter(QUICK[filterType]).length,
  }))
}

const ORDERS = ['fileName', 'score', 'usage'] as const

/** Sorts libraries as a query asks; without a word in the order in which they came. */
export function readLibraryOrder(
  reader: QueryReader,
): (libraries: readonly LibraryRecord[]) => readonly LibraryRecord[] {
  const order = reader.sort(ORDERS)
  if (order === undefined) return (libraries) => libraries
  const sign = order.isDescending ? -1 : 1
  const key = {
    fileName: (library: LibraryRecord) => libraryFileName(library).toLowerCase(),
    score: libraryScore,
    usage: ({ uses }: LibraryRecord) => uses.size,
  }[order.field]
  return (libraries) =>
    [...libraries].sort((one, other) => {
      const [a, b] = [key(one), key(other)]
      if (a !== b) return a < b ? -sign : sign
      return one.version < other.version ? -sign : one.version > other.version ? sign : 0
    })
}
