import type { Answer } from '../../../core/exchange.ts'
import type { ServerRecord } from '../../../store/records.ts'
import { MOCK_VERSION } from '../../../version.ts'
import { done } from '../../done.ts'
import { createLinkMaker } from '../../listing/links.ts'
import { createQueryReader, pageOf, type QueryReader } from '../../listing/query.ts'
import { ALL_ROLES, type Call, route, routeWithBody } from '../../route.ts'
import { withBody } from '../body-as-query.ts'
import { type FilterEntry, filterEntries } from '../filter-entries.ts'
import { ServerFilterRequest } from '../validators.generated.js'
import {
  quickCounts,
  readServerFilter,
  readServerOrder,
  SERVER_FILTER_PARAMETERS,
} from './server-filter.ts'
import { applicationsOn, serverResource } from './server-resource.ts'

const SERVERS = '/ng/:org/servers'

const LIST_PARAMETERS = {
  ...SERVER_FILTER_PARAMETERS,
  limit: 'How many at most; all without it',
  offset: 'How many to leave out at the start',
  sort: 'serverName, environment, lastActivity or version; with - in front for descending',
  expand: 'applications, num_apps, assess_protect_status_locked; skip_links leaves links out',
}

const LIST = {
  summary: 'List the servers on which engines reported',
  isOurs: false,
  answer: 'ServersResponse',
  query: LIST_PARAMETERS,
}

/** Lists servers. */
const listAt = (path: string) =>
  route({
    method: 'GET',
    path,
    access: { people: ALL_ROLES },
    description: LIST,
    answer: (call) => listed(call, call.query),
  })

export const listServers = listAt(SERVERS)

export const filterServers = listAt(`${SERVERS}/filter`)

/** The same, the filter as a body. */
export const searchServers = routeWithBody({
  method: 'POST',
  path: `${SERVERS}/filter`,
  access: { people: ALL_ROLES },
  description: { ...LIST, request: 'ServerFilterRequest' },
  isBodyOptional: true,
  validator: ServerFilterRequest,
  answer: (call) => listed(call, withBody(call.query, call.message)),
})

const QUICK = {
  summary: 'Count the servers of each quick filter',
  isOurs: false,
  answer: 'QuickFilterResponse',
  query: SERVER_FILTER_PARAMETERS,
}

/** Counts the servers of each quick filter. */
export const countServers = route({
  method: 'GET',
  path: `${SERVERS}/filters/quick`,
  access: { people: ALL_ROLES },
  description: QUICK,
  answer: (call) => counted(call, call.query),
})

export const countFoundServers = routeWithBody({
  method: 'POST',
  path: `${SERVERS}/filters/quick`,
  access: { people: ALL_ROLES },
  description: { ...QUICK, request: 'ServerFilterRequest' },
  isBodyOptional: true,
  validator: ServerFilterRequest,
  answer: (call) => counted(call, withBody(call.query, call.message)),
})

/** What servers can be filtered by: the word in the path, and what people read. */
const FILTERS = {
  apps: 'Applications',
  environment: 'Environment',
  tags: 'Tags',
  agentversion: 'Agent version',
  loglevels: 'Log level',
} as const
type FilterType = keyof typeof FILTERS

/** Lists what servers can be filtered by. */
export const listServerFilters = route({
  method: 'GET',
  path: `${SERVERS}/filters/listing`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'List what servers can be filtered by, and how many values there are',
    isOurs: false,
    answer: 'ServerFilterCatalogResponse',
  },
  async answer(call) {
    const { servers, applications } = await inventoryOf(call)
    const catalogs = Object.entries(FILTERS).map(([keycode, label]) => ({
      keycode,
      label,
      // The words are those of the table.
      count: valuesOf(keycode as FilterType, servers, applications).length,
    }))
    return done({ catalogs })
  },
})

const VALUES = {
  summary: 'List the values of a filter, and how many servers have each',
  isOurs: false,
  answer: 'ServerFilterCatalogDetailsResponse',
  query: SERVER_FILTER_PARAMETERS,
}

/** Lists the values of one filter. */
export const listServerFilterValues = route({
  method: 'GET',
  path: `${SERVERS}/filters/:type/listing`,
  access: { people: ALL_ROLES },
  description: VALUES,
  answer: (call) => values(call, call.query),
})

export const listFoundServerFilterValues = routeWithBody({
  method: 'POST',
  path: `${SERVERS}/filters/:type/listing`,
  access: { people: ALL_ROLES },
  description: { ...VALUES, request: 'ServerFilterRequest' },
  isBodyOptional: true,
  validator: ServerFilterRequest,
  answer: (call) => values(call, withBody(call.query, call.message)),
})

type AnyCall = Pick<Call, 'organization' | 'store' | 'now' | 'address' | 'parameters'>

async function inventoryOf({ organization, store }: Pick<Call, 'organization' | 'store'>) {
  const [servers, applications] = await Promise.all([
    store.servers(organization.id),
    store.applications(organization.id),
  ])
  return { servers, applications }
}

async function listed(call: AnyCall, query: URLSearchParams): Promise<Answer> {
  const { servers, applications } = await inventoryOf(call)
  const reader = createQueryReader(query)
  const matches = readServerFilter(reader, applications, call.now)
  const sorted = readServerOrder(reader, applications)
  const page = reader.page()
  const expand = reader.expand()
  const refused = reader.refusal()
  if (refused !== undefined) return refused
  const found = servers.filter(matches)
  const scene = {
    organizationId: call.organization.id,
    applications,
    now: call.now,
    expand,
    links: createLinkMaker(call.address, expand),
  }
  return done({
    servers: pageOf(sorted(found), page).map((server) => serverResource(server, scene)),
    count: found.length,
  })
}

async function counted(call: AnyCall, query: URLSearchParams): Promise<Answer> {
  const { servers, applications } = await inventoryOf(call)
  const reader = createQueryReader(query)
  const found = servers.filter(readServerFilter(reader, applications, call.now))
  return reader.refusal() ?? done({ filters: quickCounts(found, applications, call.now) })
}

async function values(call: AnyCall, query: URLSearchParams): Promise<Answer> {
  const { servers, applications } = await inventoryOf(call)
  const reader = createQueryReader(query)
  const found = servers.filter(readServerFilter(reader, applications, call.now))
  const type = wordOf(reader, call.parameters.type)
  const refused = reader.refusal()
  if (refused !== undefined || type === undefined) return refused ?? done({ filters: [] })
  return done({ filters: valuesOf(type, found, applications) })
}

/** The filter that the path names, in any case; what is none is a mistake of the caller. */
function wordOf(reader: QueryReader, given = ''): FilterType | undefined {
  const word = given.toLowerCase()
  if (Object.hasOwn(FILTERS, word)) return word as FilterType
  reader.mistake(`the filter must be one of ${Object.keys(FILTERS).join(', ')}`)
  return undefined
}

function valuesOf(
  type: FilterType,
  servers: readonly ServerRecord[],
  applications: Parameters<typeof applicationsOn>[1],
): readonly FilterEntry[] {
  switch (type) {
    case 'apps': {
      const names = new Map(
        applications.map(({ id, name, displayName }) => [id, displayName ?? name]),
      )
      const ids = servers.flatMap((each) => applicationsOn(each, applications).map(({ id }) => id))
      return filterEntries(ids, names)
    }
    case 'environment':
      return filterEntries(servers.map(({ environment }) => environment))
    case 'tags':
      return filterEntries(servers.flatMap(({ tags }) => tags))
    case 'agentversion':
      return filterEntries(servers.map(() => MOCK_VERSION))
    case 'loglevels':
      return []
  }
}
