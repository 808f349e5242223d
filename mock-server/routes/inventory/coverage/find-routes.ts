import type { Answer } from '../../../core/exchange.ts'
import type { ApplicationRouteRecord } from '../../../inventory/application-route.ts'
import { findApplication } from '../../listing/find-application.ts'
import { createLinkMaker } from '../../listing/links.ts'
import { notFound } from '../../listing/not-found.ts'
import { createQueryReader, type QueryReader } from '../../listing/query.ts'
import type { Call } from '../../route.ts'
import { type CoverageScene, routeNumber, type WeaknessCount } from './route-coverage.ts'

/** What is asked about the routes of the application that the path names. */
export interface RoutesFound {
  /** In the order in which they came. */
  readonly routes: readonly ApplicationRouteRecord[]
  readonly scene: CoverageScene
  readonly reader: QueryReader
}

/** Answers about routes; 404 where the application is not there. */
export async function aboutRoutes(
  call: Pick<Call, 'organization' | 'parameters' | 'store' | 'address'>,
  query: URLSearchParams,
  answer: (found: RoutesFound) => Answer | Promise<Answer>,
): Promise<Answer> {
  const { organization, store } = call
  const application = await findApplication(call)
  if (application === undefined) return notFound('application')
  const reader = createQueryReader(query)
  const expand = reader.expand()
  const servers = await store.servers(organization.id)
  return answer({
    routes: await store.routes(organization.id, application.name),
    scene: {
      organizationId: organization.id,
      application,
      servers: servers.filter(({ applicationIds }) => applicationIds.has(application.id)),
      weaknesses: await weaknessesOf(call, application.name),
      links: createLinkMaker(call.address, expand),
      expand,
    },
    reader,
  })
}

/** The route that the path names, by its number or its hash. */
export function routeNamed(
  routes: readonly ApplicationRouteRecord[],
  { route = '' }: Readonly<Record<string, string>>,
): ApplicationRouteRecord | undefined {
  return routes.find((each) => each.hash === route.toLowerCase() || routeNumber(each) === route)
}

/** Those of these numbers or hashes that are there. */
export function routesNamed(
  routes: readonly ApplicationRouteRecord[],
  numbersOrHashes: readonly string[],
): readonly ApplicationRouteRecord[] {
  const named = new Set(numbersOrHashes)
  return routes.filter((each) => named.has(each.hash) || named.has(routeNumber(each)))
}

async function weaknessesOf(
  { organization, store }: Pick<Call, 'organization' | 'store'>,
  application: string,
): Promise<ReadonlyMap<string, WeaknessCount>> {
  const filter = { applications: new Set([application]), isOpen: true }
  const tallies = await store.tallyVulnerabilities(organization.id, filter, ['url', 'severity'])
  const counts = new Map<string, WeaknessCount>()
  for (const { values, count } of tallies) {
    const [url = '', severity] = values
    const { all, critical } = counts.get(url) ?? { all: 0, critical: 0 }
    const isCritical = severity === 'critical'
    counts.set(url, { all: all + count, critical: isCritical ? critical + count : critical })
  }
  return counts
}
