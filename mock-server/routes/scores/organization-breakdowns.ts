import { done } from '../done.ts'
import { ALL_ROLES, type Call, type GuardedRoute, route } from '../route.ts'
import { withoutArchived } from '../vulnerabilities/without-archived.ts'
import { BREAKDOWNS, type Breakdown } from './breakdowns.ts'

function breakdownAt(path: string, breakdown: Breakdown): GuardedRoute {
  return route({
    method: 'GET',
    path: `/ng/:org/scores/breakdown/${path}`,
    access: { people: ALL_ROLES },
    description: {
      summary: `${breakdown.summary} of the organization`,
      isOurs: false,
      answer: breakdown.answer,
    },
    async answer(call: Call) {
      const { store, organization } = call
      return breakdown.count(call, withoutArchived(await store.applications(organization.id)))
    },
  })
}

const countServerTypes = route({
  method: 'GET',
  path: '/ng/:org/scores/breakdown/server',
  access: { people: ALL_ROLES },
  description: {
    summary: 'Count the servers by type',
    isOurs: false,
    answer: 'ServerTypeBreakdownResponse',
  },
  async answer({ store, organization }: Call) {
    const counts = new Map<string, number>()
    for (const { type } of await store.servers(organization.id)) {
      counts.set(type, (counts.get(type) ?? 0) + 1)
    }
    return done({ types: [...counts].map(([server_type, total]) => ({ server_type, total })) })
  },
})

export const BREAKDOWN_ROUTES: readonly GuardedRoute[] = [
  breakdownAt('category', BREAKDOWNS.category),
  breakdownAt('rule', BREAKDOWNS.ruleTitle),
  breakdownAt('severity', BREAKDOWNS.ruleSeverity),
  breakdownAt('status', BREAKDOWNS.status),
  breakdownAt('trace', BREAKDOWNS.totals),
  breakdownAt('trace/rule', BREAKDOWNS.rule),
  breakdownAt('trace/severity', BREAKDOWNS.severity),
  breakdownAt('trace/status', BREAKDOWNS.statusBySeverity),
  countServerTypes,
]
