import { API_BASE } from '../../../sdk/wire/paths.ts'
import { ruleOf } from '../../inventory/rules.ts'
import { LEVELS } from '../../inventory/severity.ts'
import type { VulnerabilityRecord } from '../../inventory/vulnerability.ts'
import { done } from '../done.ts'
import { createQueryReader, type QueryReader } from '../listing/query.ts'
import { ALL_ROLES, type Call, type GuardedRoute, route } from '../route.ts'
import { PAGE_PARAMETERS, readSearch } from './list.ts'
import { FILTER_PARAMETERS } from './read-filter.ts'
import { inside, ORGANIZATION_SCOPE, withVulnerability } from './scope.ts'
import type { Surroundings } from './surroundings.ts'
import { statusKeycode } from './words.ts'

const VULNERABILITIES = '/v4/organizations/:org/vulnerabilities'

/** Below `/Contrast/api`, and at the root of the host, where public clients ask for it. */
const BASES = [API_BASE, '/api']

/** Pages are numbered from 0 and know whether they are the last: a client may page until then. */
const listPage = route({
  method: 'GET',
  path: VULNERABILITIES,
  access: { people: ALL_ROLES },
  description: {
    summary: 'List the vulnerabilities of the organization by numbered pages',
    isOurs: true,
    answer: 'VulnerabilityPageAnswer',
    query: {
      page: 'Its number, from 0',
      size: 'Vulnerabilities on a page, 1 to 1 000; 25 without it',
      sort: PAGE_PARAMETERS.sort,
      ...FILTER_PARAMETERS,
    },
  },
  async answer(call: Call) {
    const query = createQueryReader(call.query)
    const found = await inside(call, ORGANIZATION_SCOPE)
    if (found.status === 'absent') return found.answer
    const search = await readSearch(query, call, found)
    const { number, size } = numberedPage(query)
    const refused = query.refusal()
    if (refused !== undefined) return refused
    const { total, vulnerabilities } = await call.store.searchVulnerabilities(
      call.organization.id,
      { ...search, offset: number * size, limit: size },
    )
    const totalPages = Math.ceil(total / size)
    return done({
      content: vulnerabilities.map((record) => resource(record, found.surroundings)),
      number,
      size,
      numberOfElements: vulnerabilities.length,
      totalElements: total,
      totalPages,
      first: number === 0,
      last: number + 1 >= totalPages,
      empty: vulnerabilities.length === 0,
    })
  },
})

const showOne = route({
  method: 'GET',
  path: `${VULNERABILITIES}/:trace`,
  access: { people: ALL_ROLES },
  description: { summary: 'Show a vulnerability', isOurs: true, answer: 'VulnerabilityAnswer' },
  answer: (call: Call) =>
    withVulnerability(call, ORGANIZATION_SCOPE, (record, surroundings) =>
      done({ vulnerability: resource(record, surroundings) }),
    ),
})

export const VERSION_FOUR_ROUTES: readonly GuardedRoute[] = BASES.flatMap((base) => [
  { ...listPage, base },
  { ...showOne, base },
])

const LARGEST_PAGE = 1_000

function numberedPage(query: QueryReader): { readonly number: number; readonly size: number } {
  const number = query.wholeNumber('page') ?? 0
  const size = query.wholeNumber('size') ?? 25
  if (size >= 1 && size <= LARGEST_PAGE) return { number, size }
  query.mistake(`size must be a whole number from 1 to ${LARGEST_PAGE}`)
  return { number, size: 1 }
}

/** The documented `VulnerabilityResource`. */
function resource(record: VulnerabilityRecord, { applications }: Surroundings) {
  const application = applications.get(record.application)
  const { impact, likelihood, confidence } = LEVELS[record.severity]
  const { triage } = record
  return {
    id: record.uuid,
    title: record.title,
    ruleName: record.rule,
    category: ruleOf(record.rule).category,
    severity: record.severity.toUpperCase(),
    defaultSeverity: record.defaultSeverity.toUpperCase(),
    impact: impact.toUpperCase(),
    likelihood: likelihood.toUpperCase(),
    confidence: confidence.toUpperCase(),
    status: statusKeycode(triage.status),
    substatus: triage.substatus ?? null,
    applicationId: application?.id ?? null,
    programmingLanguage: application?.language ?? null,
    tags: triage.tags,
    firstSeenTime: record.firstSeenAt.toISOString(),
    lastSeenTime: record.lastSeenAt.toISOString(),
    closedTime: triage.closedAt?.toISOString() ?? null,
  }
}
