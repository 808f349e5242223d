import { LEVELS, severityRank } from '../../inventory/severity.ts'
import type { VulnerabilityRecord } from '../../inventory/vulnerability.ts'
import { done } from '../done.ts'
import { findApplication } from '../listing/find-application.ts'
import { notFound } from '../listing/not-found.ts'
import { createQueryReader, pageOf } from '../listing/query.ts'
import { ALL_ROLES, type Call, type GuardedRoute, route } from '../route.ts'
import { label } from '../vulnerabilities/words.ts'

const EVERYONE = { people: ALL_ROLES }
const WEEK_MS = 7 * 86_400_000

const listUrls = route({
  method: 'GET',
  path: '/ng/:org/applications/:app/coverage',
  access: EVERYONE,
  description: {
    summary: 'List the URLs of an application that showed a weakness',
    isOurs: false,
    answer: 'ApplicationCoverageResponse',
    query: {
      q: 'Part of the URL',
      limit: 'How many at most',
      offset: 'How many to leave out at the start',
    },
  },
  async answer(call: Call) {
    const query = createQueryReader(call.query)
    const page = query.page()
    const text = query.text('q')?.toLowerCase() ?? ''
    const refused = query.refusal()
    if (refused !== undefined) return refused
    const application = await findApplication(call)
    if (application === undefined) return notFound('application')
    const { vulnerabilities } = await call.store.searchVulnerabilities(call.organization.id, {
      filter: { applications: new Set([application.name]) },
    })
    const worst = new Map<string, VulnerabilityRecord>()
    for (const record of vulnerabilities) {
      const { url } = record
      if (url === undefined || !url.toLowerCase().includes(text)) continue
      const known = worst.get(url)
      const isWorse =
        known === undefined || severityRank(record.severity) > severityRank(known.severity)
      if (isWorse) worst.set(url, record)
    }
    const urls = [...worst].map(([url, { severity, lastSeenAt }]) => ({
      url,
      severity: severity.toUpperCase(),
      impact: label(LEVELS[severity].impact),
      likelihood: label(LEVELS[severity].likelihood),
      last_time_seen: lastSeenAt.getTime(),
    }))
    return done({ urls: pageOf(urls, page), count: urls.length })
  },
})

const showWeek = route({
  method: 'GET',
  path: '/ng/:org/applications/:app/coverage/stats/week',
  access: EVERYONE,
  description: {
    summary: 'Count what an application did in the last seven days',
    isOurs: false,
    answer: 'ApplicationCoverageStatsResponse',
  },
  async answer(call: Call) {
    const application = await findApplication(call)
    if (application === undefined) return notFound('application')
    const { store, organization, now } = call
    const from = new Date(now.getTime() - WEEK_MS)
    const routes = await store.routes(organization.id, application.name)
    const observations = routes.flatMap((each) => each.observations)
    const { total } = await store.searchVulnerabilities(organization.id, {
      filter: { applications: new Set([application.name]), from },
      limit: 0,
    })
    return done({
      uris: routes.filter(({ exercisedAt }) => exercisedAt !== undefined && exercisedAt >= from)
        .length,
      http_calls: observations
        .filter(({ until }) => until >= from)
        .reduce((sum, { requests }) => sum + requests, 0),
      queries: 0,
      traces: total,
    })
  },
})

export const COVERAGE_ROUTES: readonly GuardedRoute[] = [listUrls, showWeek]
