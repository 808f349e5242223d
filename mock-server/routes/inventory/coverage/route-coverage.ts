import {
  type ApplicationRouteRecord,
  routeSignature,
  routeState,
} from '../../../inventory/application-route.ts'
import type { ApplicationRecord, ServerRecord } from '../../../store/records.ts'
import type { LinkMaker } from '../../listing/links.ts'
import { applicationBase } from '../application-base.ts'
import { serverBase } from '../servers/server-resource.ts'

/** What a resource of a route is made with. */
export interface CoverageScene {
  readonly organizationId: string
  readonly application: ApplicationRecord
  /** On which the application runs. */
  readonly servers: readonly ServerRecord[]
  /** Open vulnerabilities by their URLs: how many there are, and how many critical ones. */
  readonly weaknesses: ReadonlyMap<string, WeaknessCount>
  readonly links: LinkMaker
  readonly expand: ReadonlySet<string>
}

export interface WeaknessCount {
  readonly all: number
  readonly critical: number
}

/**
 * The documented number of a route, as text: the first 60 bits of its hash. Clients read it as a
 * whole number of 64 bits.
 */
export function routeNumber({ hash }: Pick<ApplicationRouteRecord, 'hash'>): string {
  return String(BigInt(`0x${hash.slice(0, 15)}`))
}

/** The documented `RouteCoverageResource`. */
export function routeResource(record: ApplicationRouteRecord, scene: CoverageScene) {
  const { organizationId, application, servers, links, expand } = scene
  const number = routeNumber(record)
  const { all, critical } = weaknessesOf(record, scene.weaknesses)
  const path = `/ng/${organizationId}/applications/${application.id}/route/${number}`
  return {
    app: applicationBase(application, organizationId, links),
    route_hash: number,
    route_hash_string: number,
    signature: routeSignature(record),
    status: routeState(record),
    entrypointType: 'HTTP',
    discovered: record.discoveredAt.getTime(),
    exercised: record.exercisedAt?.getTime() ?? 0,
    environments: [...new Set(servers.map(({ environment }) => environment))],
    servers_total: servers.length,
    total_observations: record.observations.length,
    vulnerabilities: all,
    critical,
    ...(expand.has('observations')
      ? { observations: record.observations.map(() => observation(record)) }
      : {}),
    ...(expand.has('servers')
      ? { server: servers.map((each) => serverBase(each, organizationId, links)) }
      : {}),
    ...links(['observations', `${path}/observations`], ['servers', `${path}/servers`]),
  }
}

/** The documented `RouteCoverageObservationResource`: the pattern, since nothing tells the URL. */
export function observation({ method, pattern }: ApplicationRouteRecord) {
  return { verb: method, url: pattern }
}

/** Tells whether what showed at a URL showed in a route: its pattern fits the path. */
export function showsIn({ pattern }: ApplicationRouteRecord): (url: string) => boolean {
  const fits = patternFits(pattern)
  return (url) => fits(pathOfUrl(url))
}

/** The vulnerabilities whose path the route's pattern fits. */
function weaknessesOf(
  record: ApplicationRouteRecord,
  weaknesses: CoverageScene['weaknesses'],
): WeaknessCount {
  const isHere = showsIn(record)
  let all = 0
  let critical = 0
  for (const [url, count] of weaknesses) {
    if (!isHere(url)) continue
    all += count.all
    critical += count.critical
  }
  return { all, critical }
}

/** Segment by segment: a variable (`:id`, `{id}`, `*`) fits any one. */
function patternFits(pattern: string): (path: string) => boolean {
  const wanted = pattern.split('/')
  return (path) => {
    const segments = path.split('/')
    return (
      segments.length === wanted.length &&
      wanted.every((each, at) => /^(:|\{|\*)/.test(each) || each === segments[at])
    )
  }
}

function pathOfUrl(url: string): string {
  const [path = ''] = url.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)
  return path
}
