import { done } from '../done.ts'
import { createLinkMaker } from '../listing/links.ts'
import { createQueryReader } from '../listing/query.ts'
import { ALL_ROLES, type GuardedRoute, route } from '../route.ts'
import { EXPANSIONS, isVisible, shortResource, vulnerabilityResource } from './resource.ts'
import { APPLICATION_SCOPE, SCOPES, type Scope, withVulnerability } from './scope.ts'

const READ = { method: 'GET', access: { people: ALL_ROLES } } as const

function showAt(path: string, scope: Scope): GuardedRoute {
  return route({
    ...READ,
    path,
    description: {
      summary: `Show a vulnerability ${scope.words}`,
      isOurs: false,
      answer: 'TraceResponse',
      query: { expand: EXPANSIONS },
    },
    answer: (call) =>
      withVulnerability(call, scope, (record, surroundings) => {
        const expand = createQueryReader(call.query).expand()
        const links = createLinkMaker(call.address, expand)
        return done({ trace: vulnerabilityResource(record, { surroundings, expand, links }) })
      }),
  })
}

function showShort(scope: Scope): GuardedRoute {
  return route({
    ...READ,
    path: `${scope.base}/:trace/short`,
    description: {
      summary: `Show the most important of a vulnerability ${scope.words}`,
      isOurs: false,
      answer: 'TraceShortResponse',
      query: { expand: 'skip_links' },
    },
    answer: (call) =>
      withVulnerability(call, scope, (record, surroundings) => {
        const links = createLinkMaker(call.address, createQueryReader(call.query).expand())
        return done({ trace: shortResource(record, { surroundings, links }) })
      }),
  })
}

function showVisible(scope: Scope): GuardedRoute {
  return route({
    ...READ,
    path: `${scope.base}/:trace/visible`,
    description: {
      summary: `Say whether a vulnerability ${scope.words} may be looked at`,
      isOurs: false,
      answer: 'TraceVisibilityResponse',
    },
    answer: (call) =>
      withVulnerability(call, scope, ({ application }, { applications }) =>
        done({ visible: isVisible(applications.get(application)) }),
      ),
  })
}

/** One vulnerability, within each scope. */
export const ONE_ROUTES: readonly GuardedRoute[] = [
  ...SCOPES.flatMap((scope) => [
    showAt(`${scope.base}/filter/:trace`, scope),
    showShort(scope),
    showVisible(scope),
  ]),
  showAt(`${APPLICATION_SCOPE.base}/trace/:trace`, APPLICATION_SCOPE),
]
