import { IMPORTANCES, importanceOf } from '../../inventory/importance.ts'
import { ruleOf } from '../../inventory/rules.ts'
import type { Severity } from '../../inventory/severity.ts'
import type { VulnerabilityStatus } from '../../inventory/vulnerability.ts'
import type {
  VulnerabilityField,
  VulnerabilityFilter,
} from '../../inventory/vulnerability-filter.ts'
import type { ApplicationRecord } from '../../store/records.ts'
import type { VulnerabilityCall } from './scope.ts'
import { type Surroundings, serversOf } from './surroundings.ts'
import { label, statusKeycode, statusLabel } from './words.ts'

/** One value that a filter can have, and how many vulnerabilities have it. */
export interface FilterValue {
  readonly keycode: string
  readonly label: string
  readonly count: number
}

/** Counts the values of one kind of filter. */
export type CountValues = (
  call: VulnerabilityCall,
  filter: VulnerabilityFilter,
  surroundings: Surroundings,
) => Promise<readonly FilterValue[]>

/** The documented kinds of filters, and how their values are counted. */
export const FILTER_KINDS: Readonly<
  Record<string, { readonly label: string; readonly count: CountValues }>
> = {
  severity: kind(
    'Severity',
    byField('severity', (severity) => [severity.toUpperCase(), label(severity as Severity)]),
  ),
  status: kind(
    'Status',
    byField('status', (status) => [
      statusKeycode(status as VulnerabilityStatus),
      statusLabel(status as VulnerabilityStatus),
    ]),
  ),
  vulntype: kind(
    'Vulnerability Type',
    byField('rule', (rule) => [rule, ruleOf(rule).title]),
  ),
  tags: kind('Tags', byField('tag')),
  url: kind('URL', byField('url')),
  appversiontags: kind('Application Version', byField('version')),
  modules: kind(
    'Applications',
    byApplication((application) => [[application.id, application.displayName ?? application.name]]),
  ),
  'application-tags': kind(
    'Application Tags',
    byApplication(({ tags }) => tags.map(same)),
  ),
  'application-importance': kind(
    'Application Importance',
    byApplication((application) => [same(IMPORTANCES[importanceOf(application)])]),
  ),
  'application-language': kind(
    'Language',
    byApplication(({ language }) => [same(language)]),
  ),
  servers: kind(
    'Servers',
    byApplication((application, surroundings) =>
      serversOf(surroundings, application).map(({ id, name }) => [String(id), name]),
    ),
  ),
  'servers-environment': kind(
    'Environment',
    byApplication((application, surroundings) => {
      const environments = serversOf(surroundings, application).map((each) => each.environment)
      return [...new Set(environments)].map(same)
    }),
  ),
  technologies: kind('Technologies', countTechnologies),
  'security-standard': kind('Security Standard', countStandards),
  // None of these is modelled.
  sink: kind('Sink', async () => []),
  'route-coverage': kind('Routes', async () => []),
  'bugtracker-status': kind('Bugtracker Status', async () => []),
  'protect-status': kind('Protect Status', async () => []),
}

function kind(label: string, count: CountValues) {
  return { label, count }
}

function same(text: string): readonly [string, string] {
  return [text, text]
}

function byField(
  field: VulnerabilityField,
  shown: (value: string) => readonly [keycode: string, label: string] = same,
): CountValues {
  return async ({ store, organization }, filter) =>
    (await store.tallyVulnerabilities(organization.id, filter, [field]))
      .map(({ values: [value = ''], count }) => {
        const [keycode, label] = shown(value)
        return { keycode, label, count }
      })
      .sort(byLabel)
}

/** Counts by what applications are like: a value of an application is one of all that it has. */
function byApplication(
  valuesOf: (
    application: ApplicationRecord,
    surroundings: Surroundings,
  ) => readonly (readonly [keycode: string, label: string])[],
): CountValues {
  return async ({ store, organization }, filter, surroundings) => {
    const counts = new Map<string, FilterValue>()
    const tallies = await store.tallyVulnerabilities(organization.id, filter, ['application'])
    for (const {
      values: [name = ''],
      count,
    } of tallies) {
      const application = surroundings.applications.get(name)
      const values = application === undefined ? [] : valuesOf(application, surroundings)
      for (const [keycode, label] of values) {
        const before = counts.get(keycode)?.count ?? 0
        counts.set(keycode, { keycode, label, count: before + count })
      }
    }
    return [...counts.values()].sort(byLabel)
  }
}

async function countTechnologies(
  ...[call, filter, surroundings]: Parameters<CountValues>
): Promise<readonly FilterValue[]> {
  const components = await call.store.components(call.organization.id)
  const count = byApplication(({ name }) => [
    ...new Map(
      components.filter((each) => each.application === name).map((each) => same(each.name)),
    ),
  ])
  return count(call, filter, surroundings)
}

async function countStandards(
  ...[{ store, organization }, filter]: Parameters<CountValues>
): Promise<readonly FilterValue[]> {
  const tallies = await store.tallyVulnerabilities(organization.id, filter, ['rule'])
  const count = tallies
    .filter(({ values: [rule = ''] }) => ruleOf(rule).owasp !== '')
    .reduce((sum, each) => sum + each.count, 0)
  return count === 0 ? [] : [{ keycode: 'OWASP_2021', label: 'OWASP Top 10 2021', count }]
}

function byLabel(one: FilterValue, other: FilterValue): number {
  return one.label < other.label ? -1 : one.label > other.label ? 1 : 0
}
