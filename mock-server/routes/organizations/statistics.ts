import { isServerOnline } from '../../inventory/presence.ts'
import { done } from '../done.ts'
import { serverBase } from '../inventory/servers/server-resource.ts'
import { isWithin, readTrend, TREND_PARAMETER } from '../inventory/trend-period.ts'
import { createLinkMaker } from '../listing/links.ts'
import { createQueryReader } from '../listing/query.ts'
import { ALL_ROLES, route } from '../route.ts'

const STATS = '/ng/:org/organizations/stats'

const EXPAND = (words: string) => ({ ...TREND_PARAMETER, expand: `${words}; skip_links` })

/** Counts libraries, now and before the period. */
export const countOrganizationLibraries = route({
  method: 'GET',
  path: `${STATS}/library`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Count the libraries, now and before the period, and the weak ones',
    isOurs: false,
    answer: 'OrganizationLibraryStatsResponse',
    query: EXPAND('previous'),
  },
  async answer({ organization, store, query, now }) {
    const reader = createQueryReader(query)
    const trend = readTrend(reader, now)
    const refused = reader.refusal()
    if (refused !== undefined) return refused
    const libraries = await store.libraries(organization.id)
    return done({
      current: libraries.length,
      previous: libraries.filter(({ firstSeenAt }) => firstSeenAt.getTime() < trend.startMs).length,
      vulnerables: libraries.filter(({ weaknesses }) => weaknesses.length > 0).length,
    })
  },
})

/** Counts servers by what they do and where they stand. */
export const countOrganizationServers = route({
  method: 'GET',
  path: `${STATS}/server`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Count the servers by what they do and where they stand',
    isOurs: false,
    answer: 'OrganizationServerStatsResponse',
    query: { ...EXPAND('previous, onboarded, offline'), limit: 'How many servers are listed' },
  },
  async answer({ organization, store, query, now, address }) {
    const reader = createQueryReader(query)
    const trend = readTrend(reader, now)
    const limit = reader.wholeNumber('limit')
    const expand = reader.expand()
    const refused = reader.refusal()
    if (refused !== undefined) return refused
    const servers = await store.servers(organization.id)
    const applications = await store.applications(organization.id)
    const links = createLinkMaker(address, expand)
    const shown = (some: typeof servers) =>
      some.slice(0, limit).map((each) => serverBase(each, organization.id, links))
    const countIn = (wanted: string) =>
      servers.filter(({ environment }) => environment === wanted).length
    const offline = servers.filter((each) => !isServerOnline(each, applications, now))
    const onboarded = servers.filter(({ createdAt }) => isWithin(trend, createdAt))
    return done({
      current: servers.length,
      previous: servers.length - onboarded.length,
      // Engines here assess and do not defend.
      assess: servers.length,
      defend: 0,
      deleted: 0,
      dev: countIn('DEVELOPMENT'),
      qa: countIn('QA'),
      prod: countIn('PRODUCTION'),
      offline: offline.length,
      onboarded: onboarded.length,
      offline_servers: expand.has('offline') ? shown(offline) : [],
      recently_onboarded: expand.has('onboarded') ? shown(onboarded) : [],
      recently_deleted: [],
    })
  },
})
