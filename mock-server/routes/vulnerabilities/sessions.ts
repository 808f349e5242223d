import { refusal } from '../../core/answer.ts'
import { done } from '../done.ts'
import { createQueryReader, pageOf } from '../listing/query.ts'
import { ALL_ROLES, type Call, type GuardedRoute, route } from '../route.ts'
import { APPLICATION_SCOPE, inside } from './scope.ts'

/** Which of the vulnerabilities of two sessions are in the answer. */
const DIFFERENCES = {
  additions: (isBefore: boolean, isAfter: boolean) => isAfter && !isBefore,
  subtractions: (isBefore: boolean, isAfter: boolean) => isBefore && !isAfter,
  unchanged: (isBefore: boolean, isAfter: boolean) => isBefore && isAfter,
} as const

function showDifference(what: keyof typeof DIFFERENCES): GuardedRoute {
  return route({
    method: 'GET',
    path: `/ng/organizations/:org/applications/:app/vulnerabilities/diff/${what}`,
    access: { people: ALL_ROLES },
    description: {
      summary: `List the ${what} between the vulnerabilities of two sessions`,
      isOurs: false,
      answer: 'AgentSessionDeltaResponse',
      query: {
        from: 'The id of the earlier session',
        to: 'The id of the later session',
        limit: 'How many at most',
        offset: 'How many to leave out at the start',
      },
    },
    async answer(call: Call) {
      const query = createQueryReader(call.query)
      const from = query.required('from', query.text('from'))
      const to = query.required('to', query.text('to'))
      const page = query.page()
      const refused = query.refusal()
      if (refused !== undefined) return refused
      const found = await inside(call, APPLICATION_SCOPE)
      if (found.status === 'absent') return found.answer
      const { vulnerabilities } = await call.store.searchVulnerabilities(call.organization.id, {
        filter: found.names === undefined ? {} : { applications: found.names },
      })
      if (from === undefined || to === undefined) return refusal('request-malformed')
      const isIn = DIFFERENCES[what]
      const uuids = vulnerabilities
        .filter(({ sessions }) => isIn(sessions.includes(from), sessions.includes(to)))
        .map(({ uuid }) => uuid)
      return done({
        vulnerabilities: pageOf(uuids, page),
        total: uuids.length,
        details: [],
        message: '',
      })
    },
  })
}

export const DIFFERENCE_ROUTES: readonly GuardedRoute[] = [
  showDifference('additions'),
  showDifference('subtractions'),
  showDifference('unchanged'),
]
