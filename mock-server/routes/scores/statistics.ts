import { intervalsOf, wasOpenBefore } from '../../inventory/history.ts'
import { LETTERS } from '../../inventory/scores.ts'
import { statsByApplication } from '../applications/application-stats.ts'
import { done } from '../done.ts'
import { ALL_ROLES, type Call, type GuardedRoute, route } from '../route.ts'
import { withoutArchived } from '../vulnerabilities/without-archived.ts'

const EVERYONE = { people: ALL_ROLES }
const STATS = '/ng/:org/organizations/stats'
const WEEK_MS = 7 * 86_400_000

const countApplications = route({
  method: 'GET',
  path: `${STATS}/application`,
  access: EVERYONE,
  description: {
    summary: 'Count the applications, by score, language and component',
    isOurs: false,
    answer: 'OrganizationApplicationStatsResponse',
  },
  async answer({ store, organization, now }: Call) {
    const applications = (await store.applications(organization.id)).filter(
      ({ isArchived }) => !isArchived,
    )
    const stats = await statsByApplication(store, organization)
    const components = await store.components(organization.id)
    const weekAgo = new Date(now.getTime() - WEEK_MS)
    const letters = applications.map(({ name }) => stats(name).scores.overall.letter)
    return done({
      current: applications.length,
      previous: applications.filter(({ createdAt }) => createdAt < weekAgo).length,
      high: applications.filter(({ name }) => stats(name).breakdown.criticals > 0).length,
      scores: LETTERS.map((letter) => ({
        letter_grade: letter,
        count: letters.filter((each) => each === letter).length,
      })),
      languages: counted(applications.map(({ language }) => language)),
      technologies: counted(components.map(({ name }) => name)),
    })
  },
})

const countVulnerabilities = route({
  method: 'GET',
  path: `${STATS}/trace`,
  access: EVERYONE,
  description: {
    summary: 'Count the vulnerabilities and the closed ones, day by day for a month',
    isOurs: false,
    answer: 'OrganizationTraceStatsResponse',
  },
  async answer({ store, organization, now }: Call) {
    const filter = withoutArchived(await store.applications(organization.id))
    const { vulnerabilities } = await store.searchVulnerabilities(organization.id, { filter })
    const days = intervalsOf('month', now).map(({ end }) => {
      const known = vulnerabilities.filter(({ firstSeenAt }) => firstSeenAt < end)
      const open = known.filter((record) => wasOpenBefore(record, end))
      return { timestamp: end.getTime(), total: known.length, safe: known.length - open.length }
    })
    return done({
      total: days.map(({ timestamp, total }) => ({ timestamp, count: total })),
      safe: days.map(({ timestamp, safe }) => ({ timestamp, count: safe })),
    })
  },
})

const breakDownApplications = route({
  method: 'GET',
  path: `${STATS}/applications/breakdown`,
  access: EVERYONE,
  description: {
    summary: 'Count the applications by what they are like',
    isOurs: false,
    answer: 'OrganizationApplicationBreakdownStatsResponse',
  },
  async answer({ store, organization }: Call) {
    const all = await store.applications(organization.id)
    const active = all.filter(({ isArchived }) => !isArchived)
    const archived = all.filter(({ isArchived }) => isArchived)
    const stats = await statsByApplication(store, organization)
    const production = (await store.servers(organization.id)).filter(
      ({ environment }) => environment === 'PRODUCTION',
    )
    return done({
      active: active.length,
      archived: archived.length,
      archived_with_license: archived.filter(({ isLicensed = true }) => isLicensed).length,
      critical: active.filter(({ name }) => stats(name).breakdown.criticals > 0).length,
      enterprise: active.filter(({ isLicensed = true }) => isLicensed).length,
      trial: active.filter(({ isLicensed = true }) => !isLicensed).length,
      expiring_soon: 0,
      total_production: active.filter(({ id }) =>
        production.some(({ applicationIds }) => applicationIds.has(id)),
      ).length,
      unprotected: active.length,
      recently_onboarded_apps: [],
      unseen_apps: [],
    })
  },
})

const drillDown = route({
  method: 'GET',
  path: `${STATS}/applications/drilldown`,
  access: EVERYONE,
  description: {
    summary: 'List the score, the language and the components of each application',
    isOurs: false,
    answer: 'OrganizationApplicationDrilldownStatsResponse',
  },
  async answer({ store, organization }: Call) {
    const stats = await statsByApplication(store, organization)
    const components = await store.components(organization.id)
    const active = (await store.applications(organization.id)).filter((each) => !each.isArchived)
    return done({
      applications: active.map(({ name, language }) => ({
        grade: stats(name).scores.overall.letter,
        language,
        technologies: components
          .filter((each) => each.application === name)
          .map((each) => each.name),
      })),
    })
  },
})

export const STATISTICS_ROUTES: readonly GuardedRoute[] = [
  countApplications,
  countVulnerabilities,
  breakDownApplications,
  drillDown,
]

function counted(names: readonly string[]): readonly { name: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].map(([name, count]) => ({ name, count }))
}
