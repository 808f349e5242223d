import type { ApplicationRouteRecord } from '../../../inventory/application-route.ts'
import { done } from '../../done.ts'
import { ALL_ROLES, type Call, route } from '../../route.ts'
import { isWithin, readTrend, type Stretch, TREND_PARAMETER } from '../trend-period.ts'
import { aboutServer, type ServerFound } from './find-server.ts'
import { applicationsOn } from './server-resource.ts'

const SERVER = '/ng/:org/servers/:server'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** Tells how many requests the applications of a server took, step by step. */
const activityAt = (path: string) =>
  route({
    method: 'GET',
    path,
    access: { people: ALL_ROLES },
    description: {
      summary: 'Tell how many requests the applications of a server took, step by step',
      isOurs: false,
      answer: 'ServerActivityResponse',
      query: TREND_PARAMETER,
    },
    answer: (call) =>
      aboutServer(call, async (found) => {
        const trend = readTrend(found.reader, call.now)
        const refused = found.reader.refusal()
        if (refused !== undefined) return refused
        const routes = await routesOn(call, found)
        return done({
          start_date: trend.startMs,
          end_date: trend.endMs,
          items: trend.steps.map((step) => ({
            start: step.startMs,
            end: step.endMs,
            count: requestsWithin(step, routes),
          })),
        })
      }),
  })

export const showServerActivity = activityAt(`${SERVER}/activity`)

export const showServerActivityInterval = activityAt(`${SERVER}/activity/interval`)

/** Tells which routes of a server were called, attacked and found weak. */
const urlsAt = (path: string) =>
  route({
    method: 'GET',
    path,
    access: { people: ALL_ROLES },
    description: {
      summary: 'Tell how many URLs of a server were called, attacked and found weak',
      isOurs: false,
      answer: 'URLServerResponse',
      query: TREND_PARAMETER,
    },
    answer: (call) =>
      aboutServer(call, async (found) => {
        const trend = readTrend(found.reader, call.now)
        const refused = found.reader.refusal()
        if (refused !== undefined) return refused
        const { organization, store } = call
        const names = namesOn(found)
        const routes = await routesOn(call, found)
        const called = routes.filter(({ exercisedAt }) => isIn(trend, exercisedAt))
        const requests = requestsWithin(trend, routes)
        const attacks = await store.attacks(organization.id)
        const attacked = attacks.filter(({ at, application }) => {
          return names.has(application) && isIn(trend, at)
        })
        const { vulnerabilities } = await store.searchVulnerabilities(organization.id, {
          filter: { applications: names },
        })
        const weak = vulnerabilities.filter(({ lastSeenAt }) => isIn(trend, lastSeenAt))
        const lengthMs = trend.endMs - trend.startMs
        return done({
          start: trend.startMs,
          end: trend.endMs,
          urls: called.length,
          attack_urls: new Set(attacked.map(({ url }) => url)).size,
          vuln_urls: new Set(weak.map(({ url }) => url)).size,
          avgUrlsHour: Math.round((requests * HOUR_MS) / lengthMs),
          avgUrlsMinute: Math.round((requests * MINUTE_MS) / lengthMs),
        })
      }),
  })

export const showServerUrls = urlsAt(`${SERVER}/url`)

export const showAttackedUrls = urlsAt(`${SERVER}/url/attack`)

export const showWeakUrls = urlsAt(`${SERVER}/url/vuln`)

function namesOn({ server, applications }: ServerFound): ReadonlySet<string> {
  return new Set(applicationsOn(server, applications).map(({ name }) => name))
}

async function routesOn(
  { organization, store }: Call,
  found: ServerFound,
): Promise<readonly ApplicationRouteRecord[]> {
  const names = namesOn(found)
  const routes = await store.routes(organization.id)
  return routes.filter(({ application }) => names.has(application))
}

function requestsWithin(stretch: Stretch, routes: readonly ApplicationRouteRecord[]): number {
  let sum = 0
  for (const { observations } of routes) {
    for (const { until, requests } of observations) if (isIn(stretch, until)) sum += requests
  }
  return sum
}

function isIn(stretch: Stretch, at: Date | undefined): boolean {
  return at !== undefined && isWithin(stretch, at)
}
