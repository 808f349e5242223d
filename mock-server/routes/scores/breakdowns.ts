import type { Answer } from '../../core/exchange.ts'
import { ruleOf } from '../../inventory/rules.ts'
import { SEVERITIES, type Severity } from '../../inventory/severity.ts'
import { STATUSES, type VulnerabilityStatus } from '../../inventory/vulnerability.ts'
import type { VulnerabilityFilter } from '../../inventory/vulnerability-filter.ts'
import type { VulnerabilityTally } from '../../store/inventory-store.ts'
import { statsOf } from '../applications/application-stats.ts'
import { done } from '../done.ts'
import type { Call } from '../route.ts'
import { statusLabel } from '../vulnerabilities/words.ts'

/** One way to count vulnerabilities; the documented answer has a name. */
export interface Breakdown {
  readonly summary: string
  readonly answer: string
  readonly count: (call: Call, filter: VulnerabilityFilter) => Promise<Answer>
}

const WORST_FIRST = [...SEVERITIES].reverse()

function tally(
  { store, organization }: Call,
  filter: VulnerabilityFilter,
  ...by: Parameters<Call['store']['tallyVulnerabilities']>[2]
): Promise<readonly VulnerabilityTally[]> {
  return store.tallyVulnerabilities(organization.id, filter, by)
}

function sum(tallies: readonly VulnerabilityTally[]): number {
  return tallies.reduce((total, { count }) => total + count, 0)
}

/** Those whose first value is this, by the rest. */
function within(
  tallies: readonly VulnerabilityTally[],
  wanted: string,
): readonly VulnerabilityTally[] {
  return tallies
    .filter(({ values: [first] }) => first === wanted)
    .map(({ values: [, ...values], count }) => ({ values, count }))
}

/** Statuses with their counts, by status: the documented `details`. */
function statusDetails(tallies: readonly VulnerabilityTally[]) {
  return Object.fromEntries(
    tallies.map(({ values: [status], count }) => {
      const shown = statusLabel(status as VulnerabilityStatus)
      return [shown, { status: shown, traces: count }]
    }),
  )
}

export const BREAKDOWNS = {
  totals: {
    summary: 'Count the vulnerabilities',
    answer: 'TraceBreakdownResponse',
    async count(call, filter) {
      const { breakdown } = statsOf(await tally(call, filter, 'severity', 'status'), [])
      return done({ trace_breakdown: breakdown })
    },
  },
  status: {
    summary: 'Count the vulnerabilities by status',
    answer: 'TraceStatusBreakdownResponse',
    async count(call, filter) {
      const tallies = await tally(call, filter, 'status')
      return done({
        status_breakdown: STATUSES.map((status) => ({
          trace_status: statusLabel(status),
          total_vulnerabilities: sum(within(tallies, status)),
        })),
      })
    },
  },
  rule: {
    summary: 'Count the vulnerabilities by rule and status',
    answer: 'TraceRuleTypeBreakdownResponse',
    async count(call, filter) {
      const tallies = await tally(call, filter, 'rule', 'status')
      const rules = [...new Set(tallies.map(({ values: [rule = ''] }) => rule))].sort()
      return done({
        total_vulnerabilities: sum(tallies),
        traces_breakdown: rules.map((rule) => {
          const own = within(tallies, rule)
          return {
            rule_name: rule,
            rule_title: ruleOf(rule).title,
            traces: sum(own),
            details: statusDetails(own),
          }
        }),
      })
    },
  },
  severity: {
    summary: 'Count the vulnerabilities by severity and status',
    answer: 'TraceSeverityBreakdownResponse',
    async count(call, filter) {
      const tallies = await tally(call, filter, 'severity', 'status')
      return done({
        total_vulnerabilities: sum(tallies),
        traces_breakdown: WORST_FIRST.map((severity) => {
          const own = within(tallies, severity)
          return {
            severity: severity.toUpperCase(),
            traces: sum(own),
            details: statusDetails(own),
          }
        }),
      })
    },
  },
  statusBySeverity: {
    summary: 'Count the vulnerabilities by status and severity',
    answer: 'TraceEnvStatusBreakdownResponse',
    async count(call, filter) {
      const tallies = await tally(call, filter, 'status', 'severity')
      return done({
        total_vulnerabilities: sum(tallies),
        traces_breakdown: STATUSES.map((status) => {
          const own = within(tallies, status)
          const details = own.map(({ values: [severity = ''], count }) => {
            const shown = severity.toUpperCase()
            return [shown, { severity: shown, traces: count }]
          })
          return {
            status: statusLabel(status),
            total_vulnerabilities: sum(own),
            details: Object.fromEntries(details),
          }
        }),
      })
    },
  },
  category: {
    summary: 'Count the vulnerabilities by category',
    answer: 'RuleCategoryBreakdownResponse',
    async count(call, filter) {
      const counts = new Map<string, number>()
      for (const {
        values: [rule = ''],
        count,
      } of await tally(call, filter, 'rule')) {
        const { category } = ruleOf(rule)
        counts.set(category, (counts.get(category) ?? 0) + count)
      }
      return done({
        category_breakdown: [...counts].map(([rule_category, total_vulnerabilities]) => ({
          rule_category,
          total_vulnerabilities,
        })),
      })
    },
  },
  ruleTitle: {
    summary: 'Count the vulnerabilities by rule',
    answer: 'RuleTitleBreakdownResponse',
    async count(call, filter) {
      const tallies = await tally(call, filter, 'rule')
      return done({
        rule_breakdown: tallies.map(({ values: [rule = ''], count }) => ({
          rule_name: rule,
          rule_title: ruleOf(rule).title,
          total_vulnerabilities: count,
        })),
      })
    },
  },
  ruleSeverity: {
    summary: 'Count the vulnerabilities by severity',
    answer: 'RuleSeverityBreakdownResponse',
    async count(call, filter) {
      const tallies = await tally(call, filter, 'severity')
      return done({
        severity_breakdown: WORST_FIRST.map((severity: Severity) => ({
          rule_severity: severity.toUpperCase(),
          total_vulnerabilities: sum(within(tallies, severity)),
        })),
      })
    },
  },
} as const satisfies Readonly<Record<string, Breakdown>>
