import type { Answer } from '../../core/exchange.ts'
import { IMPORTANCES, importanceOf } from '../../inventory/importance.ts'
import { ownValue } from '../../own-value.ts'
import type { ApplicationRecord } from '../../store/records.ts'
import { done } from '../done.ts'
import { createLinkMaker } from '../listing/links.ts'
import { notFound } from '../listing/not-found.ts'
import { createQueryReader, queryOf } from '../listing/query.ts'
import { ALL_ROLES, type GuardedRoute, route, routeWithBody } from '../route.ts'
import { statsByApplication } from './application-stats.ts'
import {
  type ApplicationsCall,
  FILTER_PARAMETERS,
  findApplications,
  QUICK_FILTERS,
} from './read-filter.ts'
import { ApplicationsFiltersRequest } from './validators.generated.js'

const EVERYONE = { people: ALL_ROLES }

/** The values that an application has of one kind of filter, by keycode and label. */
type ValuesOf = (
  application: ApplicationRecord,
) => readonly (readonly [keycode: string, label: string])[]

/** The documented kinds of filters: what is looked up first, and what an application then has. */
const KINDS: Readonly<
  Record<
    string,
    { readonly label: string; readonly prepare: (call: ApplicationsCall) => Promise<ValuesOf> }
  >
> = {
  tags: kind(
    'Tags',
    async () =>
      ({ tags }) =>
        tags.map(same),
  ),
  languages: kind('Languages', async () => ({ language }) => [same(language)]),
  'app-importance': kind('Importance', async () => (each) => [
    same(IMPORTANCES[importanceOf(each)]),
  ]),
  technologies: kind('Technologies', async ({ store, organization }) => {
    const components = await store.components(organization.id)
    return ({ name }) =>
      [
        ...new Set(components.filter((each) => each.application === name).map((each) => each.name)),
      ].map(same)
  }),
  servers: kind('Servers', async ({ store, organization }) => {
    const servers = await store.servers(organization.id)
    return ({ id }) =>
      servers
        .filter(({ applicationIds }) => applicationIds.has(id))
        .map((server) => [String(server.id), server.name])
  }),
  'server-environments': kind('Environments', async ({ store, organization }) => {
    const servers = await store.servers(organization.id)
    return ({ id }) => {
      const own = servers.filter(({ applicationIds }) => applicationIds.has(id))
      return [...new Set(own.map(({ environment }) => environment))].map(same)
    }
  }),
  'open-vuln-severity': kind('Open Vulnerabilities', async ({ store, organization }) => {
    const stats = await statsByApplication(store, organization)
    return ({ name }) =>
      [...stats(name).open.keys()].map((severity) => same(severity.toUpperCase()))
  }),
  scores: kind('Scores', async ({ store, organization }) => {
    const stats = await statsByApplication(store, organization)
    return ({ name }) => [same(stats(name).scores.overall.letter)]
  }),
}

function kind(label: string, prepare: (call: ApplicationsCall) => Promise<ValuesOf>) {
  return { label, prepare }
}

function same(text: string): readonly [string, string] {
  return [text, text]
}

async function countValues(
  call: ApplicationsCall,
  applications: readonly ApplicationRecord[],
  prepare: (call: ApplicationsCall) => Promise<ValuesOf>,
) {
  const valuesOf = await prepare(call)
  const counts = new Map<
    string,
    { readonly keycode: string; readonly label: string; count: number }
  >()
  for (const application of applications) {
    for (const [keycode, label] of valuesOf(application)) {
      const known = counts.get(keycode)
      if (known === undefined) counts.set(keycode, { keycode, label, count: 1 })
      else known.count++
    }
  }
  return [...counts.values()].sort((one, other) => (one.label < other.label ? -1 : 1))
}

async function listValues(call: ApplicationsCall, parameters: URLSearchParams): Promise<Answer> {
  const found = ownValue(KINDS, (call.parameters.type ?? '').toLowerCase())
  if (found === undefined) return notFound('kind of filter')
  const query = createQueryReader(parameters)
  const applications = await findApplications(query, call)
  const refused = query.refusal()
  if (refused !== undefined) return refused
  return done({ filters: await countValues(call, applications, found.prepare) })
}

async function countQuick(call: ApplicationsCall, parameters: URLSearchParams): Promise<Answer> {
  const given = new URLSearchParams(parameters)
  given.set('includeArchived', 'true')
  const query = createQueryReader(given)
  const applications = await findApplications(query, call)
  const refused = query.refusal()
  if (refused !== undefined) return refused
  const links = createLinkMaker(call.address, query.expand())
  return done({
    filters: QUICK_FILTERS.map(({ type, name, holds }) => ({
      filterType: type,
      name,
      count: applications.filter(
        (each) => holds(each, call.now) && (!each.isArchived || type === 'ARCHIVED'),
      ).length,
      ...links(['filter', `/ng/${call.organization.id}/applications/filter?quickFilter=${type}`]),
    })),
  })
}

const listKinds = route({
  method: 'GET',
  path: '/ng/:org/applications/filters/listing',
  access: EVERYONE,
  description: {
    summary: 'List the filters for applications',
    isOurs: false,
    answer: 'ApplicationFilterCatalogResponse',
  },
  async answer(call) {
    const applications = await findApplications(createQueryReader(new URLSearchParams()), call)
    const catalog = []
    for (const [keycode, { label, prepare }] of Object.entries(KINDS)) {
      const values = await countValues(call, applications, prepare)
      catalog.push({ keycode, label, count: values.length })
    }
    return done({ catalog })
  },
})

const VALUES = {
  path: '/ng/:org/applications/filters/:type/listing',
  access: EVERYONE,
} as const
const QUICK = { path: '/ng/:org/applications/filters/quick', access: EVERYONE } as const

export const LISTING_ROUTES: readonly GuardedRoute[] = [
  listKinds,
  route({
    ...VALUES,
    method: 'GET',
    description: {
      summary: 'List the values of a filter for applications',
      isOurs: false,
      answer: 'ApplicationFilterCatalogDetailsResponse',
      query: FILTER_PARAMETERS,
    },
    answer: (call) => listValues(call, call.query),
  }),
  routeWithBody({
    ...VALUES,
    method: 'POST',
    isBodyOptional: true,
    description: {
      summary: 'List the values of a filter for applications, by a body',
      isOurs: false,
      request: 'ApplicationsFiltersRequest',
      answer: 'ApplicationFilterCatalogDetailsResponse',
    },
    validator: ApplicationsFiltersRequest,
    answer: (call) => listValues(call, queryOf(call.query, { ...call.message })),
  }),
  route({
    ...QUICK,
    method: 'GET',
    description: {
      summary: 'Count the applications of each quick filter',
      isOurs: false,
      answer: 'QuickFilterResponse',
      query: FILTER_PARAMETERS,
    },
    answer: (call) => countQuick(call, call.query),
  }),
  routeWithBody({
    ...QUICK,
    method: 'POST',
    isBodyOptional: true,
    description: {
      summary: 'Count the applications of each quick filter, by a body',
      isOurs: false,
      request: 'ApplicationsFiltersRequest',
      answer: 'QuickFilterResponse',
    },
    validator: ApplicationsFiltersRequest,
    answer: (call) => countQuick(call, queryOf(call.query, { ...call.message })),
  }),
]
