import type { Answer } from '../../core/exchange.ts'
import { type Columns, tableAsCsv, tableAsXml } from '../../documents/table.ts'
import { zipOf } from '../../documents/zip.ts'
import { ruleOf } from '../../inventory/rules.ts'
import type { VulnerabilityRecord } from '../../inventory/vulnerability.ts'
import { attachment } from '../attachment.ts'
import { createQueryReader } from '../listing/query.ts'
import { ALL_ROLES, type GuardedRoute, route } from '../route.ts'
import { vulnerabilitiesIn } from './bulk.ts'
import { findingOf } from './finding.ts'
import { requestOf, requestResource } from './http-request.ts'
import { PAGE_PARAMETERS, readSearch } from './list.ts'
import { FILTER_PARAMETERS } from './read-filter.ts'
import { isVisible } from './resource.ts'
import { inside, SCOPES, type Scope, type VulnerabilityCall } from './scope.ts'
import { type Surroundings, surroundingsOf } from './surroundings.ts'
import { label, statusLabel } from './words.ts'

const FORMATS = ['csv', 'xml'] as const
type Format = (typeof FORMATS)[number]

/** As documented. */
const ZIP_TYPE = 'application/x-zip-compressed'

/** Exports the vulnerabilities that are named. */
function exportSome(scope: Scope, format: Format): GuardedRoute {
  return route({
    method: 'POST',
    path: `${scope.base}/export/${format}`,
    access: { people: ALL_ROLES },
    description: {
      summary: `Export some vulnerabilities ${scope.words}: ${format.toUpperCase()} in a ZIP archive`,
      isOurs: false,
      answerType: ZIP_TYPE,
      query: { traces: 'Ids of vulnerabilities' },
    },
    async answer(call) {
      const query = createQueryReader(call.query)
      const uuids = query.list('traces')
      if (uuids.length === 0) query.mistake('send traces in the query, or ask for /all')
      const refused = query.refusal()
      if (refused !== undefined) return refused
      const found = await vulnerabilitiesIn(call, uuids, scope)
      if (found.status === 'absent') return found.answer
      return exported(call, found.records, await surroundingsOf(call), format)
    },
  })
}

/** Exports all that a filter finds. */
function exportAll(scope: Scope, format: Format): GuardedRoute {
  return route({
    method: 'POST',
    path: `${scope.base}/export/${format}/all`,
    access: { people: ALL_ROLES },
    description: {
      summary: `Export the vulnerabilities ${scope.words}: ${format.toUpperCase()} in a ZIP archive`,
      isOurs: false,
      answerType: ZIP_TYPE,
      query: { ...FILTER_PARAMETERS, sort: PAGE_PARAMETERS.sort },
    },
    async answer(call) {
      const found = await inside(call, scope)
      if (found.status === 'absent') return found.answer
      const query = createQueryReader(call.query)
      const search = await readSearch(query, call, found)
      const refused = query.refusal()
      if (refused !== undefined) return refused
      const { store, organization } = call
      const { vulnerabilities } = await store.searchVulnerabilities(organization.id, search)
      return exported(call, vulnerabilities, found.surroundings, format)
    },
  })
}

export const EXPORT_ROUTES: readonly GuardedRoute[] = SCOPES.flatMap((scope) =>
  FORMATS.flatMap((format) => [exportSome(scope, format), exportAll(scope, format)]),
)

async function exported(
  { now }: VulnerabilityCall,
  records: readonly VulnerabilityRecord[],
  surroundings: Surroundings,
  format: Format,
): Promise<Answer> {
  const rows = records.map((record) => rowOf(record, surroundings))
  const text =
    format === 'csv'
      ? tableAsCsv(COLUMNS, rows)
      : tableAsXml(['vulnerabilities', 'vulnerability'], COLUMNS, rows)
  const name = `vulnerabilities-${now.toISOString().slice(0, 10)}`
  return attachment(
    `${name}.zip`,
    ZIP_TYPE,
    await zipOf(`${name}.${format}`, Buffer.from(text), now),
  )
}

/** The columns of a table, and the elements of a document. */
const COLUMNS: Columns<keyof ReturnType<typeof rowOf>> = [
  ['Vulnerability Name', 'title'],
  ['Vulnerability ID', 'uuid'],
  ['Category', 'category'],
  ['Rule Name', 'rule'],
  ['Severity', 'severity'],
  ['Status', 'status'],
  ['Number of Events', 'count'],
  ['First Seen', 'firstSeen'],
  ['Last Seen', 'lastSeen'],
  ['Application Name', 'applicationName'],
  ['Application ID', 'applicationId'],
  ['Application Code', 'applicationCode'],
  ['CWE ID', 'cwe'],
  ['Request Method', 'requestMethod'],
  ['Request Port', 'requestPort'],
  ['Request Protocol', 'requestProtocol'],
  ['Request Version', 'requestVersion'],
  ['Request URI', 'requestUri'],
  ['Request Qs', 'requestQueryString'],
  ['Request Body', 'requestBody'],
]

function rowOf(record: VulnerabilityRecord, { applications }: Surroundings) {
  const application = applications.get(record.application)
  const rule = ruleOf(record.rule)
  // As documented: details need a license.
  const parts = isVisible(application) ? requestOf(findingOf(record)) : undefined
  const request = parts === undefined ? undefined : requestResource(parts)
  return {
    title: record.title,
    uuid: record.uuid,
    category: rule.category,
    rule: rule.title,
    severity: label(record.severity),
    status: statusLabel(record.triage.status),
    count: record.count,
    firstSeen: record.firstSeenAt.toISOString(),
    lastSeen: record.lastSeenAt.toISOString(),
    applicationName: application?.displayName ?? record.application,
    applicationId: application?.id,
    applicationCode: application?.code,
    cwe: rule.cwe === 0 ? undefined : rule.cwe,
    requestMethod: request?.method,
    requestPort: request?.port,
    requestProtocol: request?.protocol,
    requestVersion: request?.version,
    requestUri: request?.uri,
    requestQueryString: request?.queryString,
    requestBody: request?.body,
  }
}
