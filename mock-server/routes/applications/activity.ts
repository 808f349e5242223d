import { isApplicationOnline } from '../../inventory/presence.ts'
import type { ApplicationRecord } from '../../store/records.ts'
import { done } from '../done.ts'
import { createQueryReader } from '../listing/query.ts'
import { ALL_ROLES, type Call, type GuardedRoute, route } from '../route.ts'
import { resourcesOf } from './list.ts'
import { findApplications } from './read-filter.ts'
import { EXPANSIONS } from './resource.ts'

const EVERYONE = { people: ALL_ROLES }

const newestFirst = (of: (application: ApplicationRecord) => Date) => {
  return (one: ApplicationRecord, other: ApplicationRecord) =>
    of(other).getTime() - of(one).getTime()
}

/** What each list is about, and its order. */
const ACTIVITIES = {
  newest: {
    summary: 'List the applications that became known last',
    holds: () => true,
    compare: newestFirst(({ createdAt }) => createdAt),
  },
  recent: {
    summary: 'List the applications that gave a sign of life last',
    holds: () => true,
    compare: newestFirst(({ lastSeenAt }) => lastSeenAt),
  },
  inactive: {
    summary: 'List the applications that are offline',
    holds: (application: ApplicationRecord, now: Date) => !isApplicationOnline(application, now),
    compare: newestFirst(({ lastSeenAt }) => lastSeenAt),
  },
} as const

function listActivity(what: keyof typeof ACTIVITIES): GuardedRoute {
  const { summary, holds, compare } = ACTIVITIES[what]
  return route({
    method: 'GET',
    path: `/ng/:org/applications/activity/${what}`,
    access: EVERYONE,
    description: {
      summary,
      isOurs: false,
      answer: 'ApplicationsResponse',
      query: {
        limit: 'How many at most; 10 without it',
        includeArchived: 'true lists archived ones too',
        expand: EXPANSIONS,
      },
    },
    async answer(call: Call) {
      const query = createQueryReader(call.query)
      const found = await findApplications(query, call)
      const limit = query.wholeNumber('limit') ?? 10
      const refused = query.refusal()
      if (refused !== undefined) return refused
      const wanted = found.filter((each) => holds(each, call.now)).sort(compare)
      return done({ applications: await resourcesOf(call, query, wanted.slice(0, limit)) })
    },
  })
}

const countAllowed = route({
  method: 'GET',
  path: '/ng/:org/applications/allowed',
  access: EVERYONE,
  description: {
    summary: 'Count the applications that the caller may see',
    isOurs: false,
    answer: 'ApplicationsAllowedResponse',
  },
  answer: async ({ store, organization }: Call) =>
    done({ allowed_apps: (await store.applications(organization.id)).length }),
})

/** As many as a search shows. */
const SEARCH_LIMIT = 100

const search = route({
  method: 'GET',
  path: '/ng/organizations/:org/search/applications',
  access: EVERYONE,
  description: {
    summary: 'Search for applications by part of a name',
    isOurs: false,
    answer: 'ApplicationsResponse',
    query: { keyword: 'Part of the name', limit: 'How many at most; 100 without it' },
  },
  async answer(call: Call) {
    const given = createQueryReader(call.query)
    const limit = given.wholeNumber('limit') ?? SEARCH_LIMIT
    const refused = given.refusal()
    if (refused !== undefined) return refused
    const query = createQueryReader(
      new URLSearchParams({ filterText: given.text('keyword') ?? '', includeArchived: 'true' }),
    )
    const found = await findApplications(query, call)
    return done({ applications: await resourcesOf(call, given, found.slice(0, limit)) })
  },
})

export const ACTIVITY_ROUTES: readonly GuardedRoute[] = [
  listActivity('newest'),
  listActivity('recent'),
  listActivity('inactive'),
  countAllowed,
  search,
]
