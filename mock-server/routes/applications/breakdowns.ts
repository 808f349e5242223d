import type { Answer } from '../../core/exchange.ts'
import { findApplication } from '../listing/find-application.ts'
import { notFound } from '../listing/not-found.ts'
import { createQueryReader, type QueryReader } from '../listing/query.ts'
import { ALL_ROLES, type Call, type GuardedRoute, route } from '../route.ts'
import { BREAKDOWNS, type Breakdown } from '../scores/breakdowns.ts'

const ENVIRONMENTS = ['DEVELOPMENT', 'QA', 'PRODUCTION'] as const

/** Counts the vulnerabilities of an application by one property or two. */
function breakdownAt(path: string, breakdown: Breakdown, takesEnvironment: boolean): GuardedRoute {
  return route({
    method: 'GET',
    path: `/ng/:org/applications/:app/breakdown/${path}`,
    access: { people: ALL_ROLES },
    description: {
      summary: `${breakdown.summary} of an application`,
      isOurs: false,
      answer: breakdown.answer,
      ...(takesEnvironment
        ? { query: { environment: `${ENVIRONMENTS.join(', ')}: nothing where it does not run` } }
        : {}),
    },
    async answer(call: Call) {
      const query = createQueryReader(call.query)
      const isElsewhere = takesEnvironment && !(await runsIn(query, call))
      const refused = query.refusal()
      if (refused !== undefined) return refused
      return answer(call, breakdown, isElsewhere)
    },
  })
}

async function answer(call: Call, { count }: Breakdown, isElsewhere: boolean): Promise<Answer> {
  const application = await findApplication(call)
  if (application === undefined) return notFound('application')
  const names = isElsewhere ? [] : [application.name]
  return count(call, { applications: new Set(names) })
}

/** Whether the application runs on a server of the environment that is asked for. */
async function runsIn(query: QueryReader, call: Call): Promise<boolean> {
  const environment = query.choice('environment', ENVIRONMENTS)
  if (environment === undefined) return true
  const id = (call.parameters.app ?? '').toLowerCase()
  return (await call.store.servers(call.organization.id)).some(
    (server) => server.environment === environment && server.applicationIds.has(id),
  )
}

export const BREAKDOWN_ROUTES: readonly GuardedRoute[] = [
  breakdownAt('status', BREAKDOWNS.status, false),
  breakdownAt('trace', BREAKDOWNS.totals, false),
  breakdownAt('trace/rule', BREAKDOWNS.rule, true),
  breakdownAt('trace/severity', BREAKDOWNS.severity, true),
  breakdownAt('trace/status', BREAKDOWNS.statusBySeverity, true),
]
