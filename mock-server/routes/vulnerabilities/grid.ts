import { IMPORTANCES, importanceOf } from '../../inventory/importance.ts'
import type { VulnerabilityRecord } from '../../inventory/vulnerability.ts'
import { done } from '../done.ts'
import { createQueryReader, queryOf } from '../listing/query.ts'
import { ALL_ROLES, routeWithBody } from '../route.ts'
import { PAGE_PARAMETERS, readSearch } from './list.ts'
import { isVisible, sessionMetadata } from './resource.ts'
import { inside, ORGANIZATION_SCOPE } from './scope.ts'
import type { Surroundings } from './surroundings.ts'
import { VulnerabilityFilterRequest } from './validators.generated.js'
import { statusKeycode } from './words.ts'

/** Lists vulnerabilities the way the page of the real one asks for them, and many importers with it. */
export const listGrid = routeWithBody({
  method: 'POST',
  path: '/ng/organizations/:org/orgtraces/ui',
  access: { people: ALL_ROLES },
  isBodyOptional: true,
  description: {
    summary: 'List the vulnerabilities of the organization in short',
    isOurs: false,
    request: 'VulnerabilityFilterRequest',
    answer: 'VulnerabilitiesAndSinkGroupsResponse',
    query: { ...PAGE_PARAMETERS, expand: 'application, session_metadata' },
  },
  validator: VulnerabilityFilterRequest,
  async answer(call) {
    const query = createQueryReader(queryOf(call.query, { ...call.message }))
    const found = await inside(call, ORGANIZATION_SCOPE)
    if (found.status === 'absent') return found.answer
    const search = await readSearch(query, call, found)
    const page = query.page()
    const refused = query.refusal()
    if (refused !== undefined) return refused
    const { surroundings } = found
    const { total, vulnerabilities } = await call.store.searchVulnerabilities(
      call.organization.id,
      { ...search, ...page },
    )
    return done({
      count: total,
      licensedVulnerabilityCount: total,
      items: vulnerabilities.map((record) => ({ vulnerability: gridItem(record, surroundings) })),
    })
  },
})

/** The documented `VulnerabilityGridItem`. */
function gridItem(record: VulnerabilityRecord, surroundings: Surroundings) {
  const application = surroundings.applications.get(record.application)
  const status = statusKeycode(record.triage.status)
  return {
    uuid: record.uuid,
    title: record.title,
    ruleName: record.rule,
    severity: record.severity.toUpperCase(),
    defaultSeverity: record.defaultSeverity.toUpperCase(),
    status,
    statusKeycode: status,
    subStatus: record.triage.substatus ?? '',
    firstDetected: record.firstSeenAt.getTime(),
    lastDetected: record.lastSeenAt.getTime(),
    tags: record.triage.tags,
    violations: [],
    sessionMetadata: sessionMetadata(record, surroundings),
    visible: isVisible(application),
    application:
      application === undefined
        ? null
        : {
            id: application.id,
            name: application.displayName ?? application.name,
            language: application.language,
            importance: IMPORTANCES[importanceOf(application)],
            archived: application.isArchived,
          },
  }
}
