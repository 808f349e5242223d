import type { AttackRecord } from '../../../inventory/activity.ts'
import { ruleOf } from '../../../inventory/rules.ts'
import type { VulnerabilityField } from '../../../inventory/vulnerability-filter.ts'
import { done } from '../../done.ts'
import { ALL_ROLES, route } from '../../route.ts'
import { aboutServer, type ServerFound } from './find-server.ts'
import { applicationsOn } from './server-resource.ts'

const BREAKDOWN = '/ng/:org/servers/:server/breakdown'

/** Counts the attacks on the applications of a server by one thing and, within, by another. */
function attackBreakdown(by: 'status' | 'type', answer: string) {
  const outer = by === 'status' ? statusOf : typeOf
  const inner = by === 'status' ? typeOf : statusOf
  return route({
    method: 'GET',
    path: `${BREAKDOWN}/attack/${by}`,
    access: { people: ALL_ROLES },
    description: {
      summary: `Count the attacks on the applications of a server by ${by}`,
      isOurs: false,
      answer,
    },
    answer: (call) =>
      aboutServer(call, async (found) => {
        const names = namesOfApplications(found)
        const all = await call.store.attacks(call.organization.id)
        const attacks = all.filter(({ application }) => names.has(application))
        return done({
          total_attacks: attacks.length,
          attack_breakdown: [...countedBy(attacks, outer)].map(([value, of]) => ({
            [by]: value,
            count: of.length,
            details: Object.fromEntries(
              [...countedBy(of, inner)].map(([name, { length }]) => [name, length]),
            ),
          })),
        })
      }),
  })
}

/** The names of the applications on a server. */
function namesOfApplications({ server, applications }: ServerFound): ReadonlySet<string> {
  return new Set(applicationsOn(server, applications).map(({ name }) => name))
}

const statusOf = ({ outcome }: AttackRecord) => outcome.toUpperCase()
const typeOf = ({ rule }: AttackRecord) => rule

function countedBy(
  attacks: readonly AttackRecord[],
  keyOf: (attack: AttackRecord) => string,
): ReadonlyMap<string, readonly AttackRecord[]> {
  const groups = new Map<string, AttackRecord[]>()
  for (const attack of attacks) {
    const group = groups.get(keyOf(attack))
    if (group === undefined) groups.set(keyOf(attack), [attack])
    else group.push(attack)
  }
  return groups
}

export const breakDownAttacksByStatus = attackBreakdown('status', 'AttackStatusBreakdownResponse')

export const breakDownAttacksByType = attackBreakdown('type', 'AttackTypeBreakdownResponse')

/** What each count of vulnerabilities is about, and how it is written. */
interface VulnerabilityBreakdown {
  readonly by: 'rule' | 'severity' | 'status'
  readonly answer: string
  /** What the counts within are by. */
  readonly within: VulnerabilityField
  readonly entry: (value: string, count: number, details: object) => object
}

/** Counts the vulnerabilities of the applications of a server. */
function vulnerabilityBreakdown({ by, answer, within, entry }: VulnerabilityBreakdown) {
  return route({
    method: 'GET',
    path: `${BREAKDOWN}/trace/${by}`,
    access: { people: ALL_ROLES },
    description: {
      summary: `Count the vulnerabilities of the applications of a server by ${by}`,
      isOurs: false,
      answer,
    },
    answer: (call) =>
      aboutServer(call, async (found) => {
        const filter = { applications: namesOfApplications(found) }
        const { id } = call.organization
        const tallies = await call.store.tallyVulnerabilities(id, filter, [by, within])
        const values = new Map<string, { count: number; details: Record<string, number> }>()
        for (const {
          values: [value = '', inner = ''],
          count,
        } of tallies) {
          const kept = values.get(value) ?? { count: 0, details: {} }
          kept.count += count
          kept.details[inner] = (kept.details[inner] ?? 0) + count
          values.set(value, kept)
        }
        return done({
          total_vulnerabilities: [...values.values()].reduce((sum, { count }) => sum + count, 0),
          traces_breakdown: [...values].map(([value, { count, details }]) =>
            entry(value, count, details),
          ),
        })
      }),
  })
}

export const breakDownServerByRule = vulnerabilityBreakdown({
  by: 'rule',
  answer: 'TraceRuleTypeBreakdownResponse',
  within: 'status',
  entry: (rule, traces, details) => ({
    rule_name: rule,
    rule_title: ruleOf(rule).title,
    traces,
    details,
  }),
})

export const breakDownServerBySeverity = vulnerabilityBreakdown({
  by: 'severity',
  answer: 'TraceSeverityBreakdownResponse',
  within: 'status',
  entry: (severity, traces, details) => ({ severity: severity.toUpperCase(), traces, details }),
})

export const breakDownServerByStatus = vulnerabilityBreakdown({
  by: 'status',
  answer: 'TraceEnvStatusBreakdownResponse',
  within: 'severity',
  entry: (status, total_vulnerabilities, details) => ({ status, total_vulnerabilities, details }),
})
