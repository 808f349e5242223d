import { createSeededRandom } from '../../faults/seeded-random.ts'
import { describedRules, type Rule } from '../../inventory/rules.ts'
import { SEVERITIES, type Severity } from '../../inventory/severity.ts'
import type { VulnerabilityStatus } from '../../inventory/vulnerability.ts'
import type {
  ApplicationSeed,
  RouteSeed,
  ServerSeed,
  VulnerabilitySeed,
} from '../application-seed.ts'
import { DEMO_APPLICATIONS, type DemoApplication, demoLibraries } from './stock.ts'

const YEAR_DAYS = 365

/** How likely a severity is: most findings are mild. */
const WEIGHTS: Readonly<Record<Severity, number>> = {
  note: 3,
  low: 5,
  medium: 6,
  high: 3,
  critical: 1,
}

/**
 * The applications of a believable organization: ten in six languages, a few hundred vulnerabilities
 * over a year, libraries, routes and servers. The same for the same number, whenever it is asked.
 *
 * @param number 0 to 4 294 967 295.
 */
export function demoApplications(number: number): readonly ApplicationSeed[] {
  const random = createSeededRandom(number)
  const draw: Draw = {
    below: (limit) => Math.floor(random() * limit),
    one: (items) => items[Math.floor(random() * items.length)] as never,
    chance: (share) => random() < share,
    days: (from, to) => Math.round((from + random() * (to - from)) * 100) / 100,
  }
  return DEMO_APPLICATIONS.map((each) => applicationOf(each, draw))
}

/** What chance decides, one draw after the other. */
interface Draw {
  /** A whole number from 0. */
  readonly below: (limit: number) => number
  readonly one: <Item>(items: readonly Item[]) => Item
  readonly chance: (share: number) => boolean
  readonly days: (from: number, to: number) => number
}

function applicationOf(demo: DemoApplication, draw: Draw): ApplicationSeed {
  const routes = routesOf(demo, draw)
  // One of them has been silent for a while.
  const lastSeenDaysAgo = demo.name === 'mailer' ? 3 : 0
  return {
    name: demo.name,
    code: demo.code,
    language: demo.language,
    path: `/${demo.name}`,
    version: `${1 + draw.below(4)}.${draw.below(12)}.${draw.below(9)}`,
    importance: demo.importance,
    tags: demo.tags,
    metadata: { team: demo.team, costCenter: String(4_000 + draw.below(40)) },
    createdDaysAgo: YEAR_DAYS,
    lastSeenDaysAgo,
    servers: serversOf(demo),
    libraries: demoLibraries(demo.language).map((library) => ({
      ...library,
      dependency: draw.chance(0.6) ? 'direct' : 'transitive',
      classCount: 40 + draw.below(900),
      classesUsed: draw.below(40),
    })),
    components: [
      { name: demo.framework, kind: 'framework' },
      { name: 'PostgreSQL', kind: 'database' },
    ],
    routes,
    vulnerabilities: vulnerabilitiesOf(routes, draw, lastSeenDaysAgo),
  }
}

function serversOf({ name, serverType }: DemoApplication): readonly ServerSeed[] {
  return [
    { name: `${name}-dev`, path: `/srv/${name}`, type: serverType, environment: 'DEVELOPMENT' },
    { name: `${name}-qa`, path: `/srv/${name}`, type: serverType, environment: 'QA' },
    {
      name: `${name}-1`,
      path: `/srv/${name}`,
      type: serverType,
      environment: 'PRODUCTION',
      tags: ['eu-central'],
    },
  ]
}

function routesOf({ nouns, framework }: DemoApplication, draw: Draw): readonly RouteSeed[] {
  return nouns.flatMap((noun) =>
    (
      [
        ['GET', `/${noun}`],
        ['GET', `/${noun}/:id`],
        ['POST', `/${noun}`],
        ['DELETE', `/${noun}/:id`],
      ] as const
    ).map(([method, pattern]) => ({
      method,
      pattern,
      framework,
      requests: draw.chance(0.7) ? 1 + draw.below(5_000) : 0,
    })),
  )
}

function vulnerabilitiesOf(
  routes: readonly RouteSeed[],
  draw: Draw,
  lastSeenDaysAgo: number,
): readonly VulnerabilitySeed[] {
  const byPlace = new Map<string, VulnerabilitySeed>()
  const wanted = 24 + draw.below(20)
  for (let turn = 0; turn < wanted; turn++) {
    const route = draw.one(routes)
    const rule = ruleFor(draw)
    const url = route.pattern.replace(':id', String(1 + draw.below(3)))
    byPlace.set(`${rule.name} ${url}`, vulnerabilityOf(rule, route, url, draw, lastSeenDaysAgo))
  }
  return [...byPlace.values()]
}

function ruleFor(draw: Draw): Rule {
  const lots = SEVERITIES.flatMap((severity) =>
    Array.from({ length: WEIGHTS[severity] }, () => severity),
  )
  const severity = draw.one(lots)
  return draw.one(describedRules().filter((rule) => rule.severity === severity))
}

function vulnerabilityOf(
  rule: Rule,
  { method = 'GET' }: RouteSeed,
  url: string,
  draw: Draw,
  lastSeenDaysAgo: number,
): VulnerabilitySeed {
  const firstSeenDaysAgo = draw.days(lastSeenDaysAgo + 1, YEAR_DAYS)
  const status = statusFor(draw)
  const isClosed = ['not-a-problem', 'remediated', 'fixed', 'auto-remediated'].includes(status)
  const lastSeen = draw.days(lastSeenDaysAgo, firstSeenDaysAgo)
  return {
    rule: rule.name,
    severity: rule.severity,
    title: `${rule.title} at ${method} ${url}`,
    url,
    evidence: `${rule.title}: seen while ${method} ${url} was answered`,
    request: `${method} ${url} HTTP/1.1\nHost: shop.example\nAccept: */*\n\n`,
    count: 1 + draw.below(20),
    firstSeenDaysAgo,
    lastSeenDaysAgo: lastSeen,
    status,
    ...(status === 'not-a-problem' ? { substatus: 'Other' } : {}),
    // Closed after it was seen last, so that it stays closed.
    markedDaysAgo: isClosed ? draw.days(lastSeenDaysAgo, lastSeen) : lastSeen,
    tags: draw.chance(0.2)
      ? [draw.one(['sprint-41', 'accepted', 'needs-owner', 'regression'])]
      : [],
    notes: draw.chance(0.1) ? ['Looked at it with the team; see the ticket.'] : [],
  }
}

function statusFor(draw: Draw): VulnerabilityStatus {
  const lot = draw.below(20)
  if (lot < 11) return 'reported'
  if (lot < 13) return 'confirmed'
  if (lot < 14) return 'suspicious'
  if (lot < 16) return 'remediated'
  if (lot < 18) return 'not-a-problem'
  if (lot < 19) return 'fixed'
  return 'auto-remediated'
}
