import { isServerOnline, serverSeenAt } from '../../../inventory/presence.ts'
import type { ApplicationRecord, ServerRecord } from '../../../store/records.ts'
import { MOCK_VERSION } from '../../../version.ts'
import type { QueryReader, Sort } from '../../listing/query.ts'
import { serverName } from './server-resource.ts'

export const ENVIRONMENTS = ['DEVELOPMENT', 'QA', 'PRODUCTION'] as const

const QUICK_FILTERS = [
  'ALL',
  'PROTECTED',
  'UNPROTECTED',
  'ONLINE',
  'OFFLINE',
  'OUT_OF_DATE',
] as const

type QuickFilter = (typeof QUICK_FILTERS)[number]

/** What the parameters of a list of servers mean, for the OpenAPI document. */
export const SERVER_FILTER_PARAMETERS = {
  q: 'Part of the name or the path',
  applicationsIds: 'Ids of applications that run on it',
  tags: 'One of these tags',
  serverEnvironments: 'DEVELOPMENT, QA or PRODUCTION',
  agentVersions: 'Versions of engines',
  logLevels: 'Log levels; engines here have none of their own',
  quickFilter: `One of ${QUICK_FILTERS.join(', ')}`,
}

type Matches = (server: ServerRecord) => boolean

/** Which servers a query asks for. */
export function readServerFilter(
  reader: QueryReader,
  applications: readonly ApplicationRecord[],
  now: Date,
): Matches {
  const text = reader.text('q')?.toLowerCase()
  const applicationIds = reader.list('applicationsIds').map((id) => id.toLowerCase())
  const tags = reader.list('tags')
  const environments = reader.choices('serverEnvironments', ENVIRONMENTS)
  const versions = reader.list('agentVersions')
  const quickFilter = reader.choice('quickFilter', QUICK_FILTERS) ?? 'ALL'
  const isQuick = quickMatches(applications, now)
  return (server) =>
    (text === undefined ||
      `${serverName(server)} ${server.name} ${server.path}`.toLowerCase().includes(text)) &&
    isAny(applicationIds, (id) => server.applicationIds.has(id)) &&
    isAny(tags, (tag) => server.tags.includes(tag)) &&
    isAny(environments, (environment) => server.environment === environment) &&
    isAny(versions, (version) => version === MOCK_VERSION) &&
    isQuick(quickFilter, server)
}

function isAny<Value>(wanted: readonly Value[], isIt: (value: Value) => boolean): boolean {
  return wanted.length === 0 || wanted.some(isIt)
}

function quickMatches(applications: readonly ApplicationRecord[], now: Date) {
  return (filter: QuickFilter, server: ServerRecord): boolean => {
    switch (filter) {
      case 'ALL':
      // Nobody defends here.
      case 'UNPROTECTED':
        return true
      case 'PROTECTED':
      case 'OUT_OF_DATE':
        return false
      case 'ONLINE':
        return isServerOnline(server, applications, now)
      case 'OFFLINE':
        return !isServerOnline(server, applications, now)
    }
  }
}

/** How many there are of each quick filter. */
export function quickCounts(
  servers: readonly ServerRecord[],
  applications: readonly ApplicationRecord[],
  now: Date,
) {
  const isQuick = quickMatches(applications, now)
  return QUICK_FILTERS.map((filterType) => ({
    filterType,
    name: filterType,
    count: servers.filter((server) => isQuick(filterType, server)).length,
  }))
}

const ORDERS = ['serverName', 'environment', 'lastActivity', 'version'] as const
type Order = (typeof ORDERS)[number]

/** Sorts servers as a query asks; without a word in the order in which they came. */
export function readServerOrder(
  reader: QueryReader,
  applications: readonly ApplicationRecord[],
): (servers: readonly ServerRecord[]) => readonly ServerRecord[] {
  const order: Sort<Order> | undefined = reader.sort(ORDERS)
  if (order === undefined) return (servers) => servers
  const sign = order.isDescending ? -1 : 1
  const keyOf: Readonly<Record<Order, (server: ServerRecord) => string | number>> = {
    serverName: (server) => serverName(server).toLowerCase(),
    environment: ({ environment }) => environment,
    lastActivity: (server) => serverSeenAt(server, applications).getTime(),
    version: () => 0,
  }
  const key = keyOf[order.field]
  return (servers) =>
    [...servers].sort((one, other) => {
      const [a, b] = [key(one), key(other)]
      return a === b ? one.id - other.id : a < b ? -sign : sign
    })
}
