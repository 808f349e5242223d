import type { LibraryRecord, LibraryWeakness } from '../../inventory/library.ts'
import { ruleOf } from '../../inventory/rules.ts'
import type { Severity } from '../../inventory/severity.ts'
import { isOpen, type VulnerabilityRecord } from '../../inventory/vulnerability.ts'
import type { ApplicationRecord } from '../../store/records.ts'
import { MOCK_VERSION } from '../../version.ts'
import { cweUrl } from '../vulnerabilities/about.ts'
import { findingOf, framesOf } from '../vulnerabilities/finding.ts'
import { isVisible } from '../vulnerabilities/resource.ts'
import { statusLabel } from '../vulnerabilities/words.ts'

/** What stands in a log. */
export interface SarifContents {
  readonly application: ApplicationRecord
  readonly vulnerabilities: readonly VulnerabilityRecord[]
  /** Those of the application. */
  readonly libraries: readonly LibraryRecord[]
  /** Of weaknesses of libraries: undefined for all. */
  readonly severities: ReadonlySet<Severity> | undefined
}

const LEVEL: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  note: 'note',
}

/** Read by code hosts: what they call critical, high, medium and low begins at 9, 7, 4 and above 0. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  note: '0.0',
}

/** Characters of a frame in which its file is looked for. */
const LONGEST_PLACE = 1_024

interface SarifRule {
  readonly id: string
  readonly [field: string]: unknown
}

interface SarifResult {
  readonly ruleId: string
  readonly [field: string]: unknown
}

/**
 * Writes a log with one run.
 *
 * @see SARIF 2.1.0, sections 3.13 (log), 3.14 (run), 3.27 (result), 3.49 (rule)
 */
export function sarifLog({ application, vulnerabilities, libraries, severities }: SarifContents) {
  const weaknesses = libraries.flatMap((library) =>
    library.weaknesses
      .filter(({ severity }) => severities?.has(severity) !== false)
      .map((weakness) => ({ library, weakness })),
  )
  const rules = new Map<string, SarifRule>()
  for (const { rule } of vulnerabilities) if (!rules.has(rule)) rules.set(rule, described(rule))
  for (const { weakness } of weaknesses) rules.set(weakness.name, published(weakness))
  const places = new Map([...rules.keys()].map((id, index) => [id, index]))
  const results: readonly SarifResult[] = [
    ...vulnerabilities.map((record) => vulnerabilityResult(record, application)),
    ...weaknesses.map(({ library, weakness }) => weaknessResult(library, weakness, application)),
  ]
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'teamserver-engine mock TeamServer',
            version: MOCK_VERSION,
            rules: [...rules.values()],
          },
        },
        columnKind: 'utf16CodeUnits',
        results: results.map((each) => ({ ...each, ruleIndex: places.get(each.ruleId) ?? -1 })),
      },
    ],
  }
}

function described(name: string): SarifRule {
  const rule = ruleOf(name)
  const helpUri = cweUrl(rule)
  return {
    id: name,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.risk },
    help: { text: rule.remedy },
    ...(helpUri === '' ? {} : { helpUri }),
    properties: {
      tags: ['security', ...(rule.cwe === 0 ? [] : [`external/cwe/cwe-${rule.cwe}`])],
      'security-severity': SECURITY_SEVERITY[rule.severity],
    },
  }
}

function published({ name, description, severity }: LibraryWeakness): SarifRule {
  return {
    id: name,
    shortDescription: { text: name },
    fullDescription: { text: description },
    properties: { tags: ['security'], 'security-severity': SECURITY_SEVERITY[severity] },
  }
}

function vulnerabilityResult(
  record: VulnerabilityRecord,
  application: ApplicationRecord,
): SarifResult {
  const { uuid, rule, title, url, severity, triage } = record
  // As documented: details need a license.
  const place = isVisible(application) ? placeOf(record) : undefined
  return {
    ruleId: rule,
    level: LEVEL[severity],
    message: { text: url === undefined ? title : `${title} at ${url}` },
    ...(place === undefined ? {} : { locations: [{ physicalLocation: place }] }),
    partialFingerprints: { 'vulnerabilityUuid/v1': uuid },
    // What people closed is still told, as closed.
    ...(isOpen(triage.status)
      ? {}
      : { suppressions: [{ kind: 'external', justification: statusLabel(triage.status) }] }),
    properties: {
      application: application.name,
      severity: severity.toUpperCase(),
      status: statusLabel(triage.status),
      firstSeen: record.firstSeenAt.toISOString(),
      lastSeen: record.lastSeenAt.toISOString(),
      tags: triage.tags,
    },
  }
}

function weaknessResult(
  { name, version, hash }: LibraryRecord,
  weakness: LibraryWeakness,
  application: ApplicationRecord,
): SarifResult {
  return {
    ruleId: weakness.name,
    level: LEVEL[weakness.severity],
    message: { text: `${weakness.name} in ${name} ${version}` },
    partialFingerprints: { 'libraryWeakness/v1': `${hash}:${weakness.name}` },
    properties: { application: application.name, severity: weakness.severity.toUpperCase() },
  }
}

/** The top of the stack that is the application's own, else the URL. */
function placeOf(record: VulnerabilityRecord): object | undefined {
  const own = framesOf(findingOf(record)).find((frame) => !frame.includes('node_modules')) ?? ''
  // Of the end alone: a frame may be as long as a report.
  const end = own.slice(-LONGEST_PLACE)
  const [, file, line] = /([^\s()]+?):(\d{1,9})(?::\d{1,9})?\)?$/.exec(end) ?? []
  if (file !== undefined && Number(line) > 0) {
    return { artifactLocation: { uri: uriOf(file) }, region: { startLine: Number(line) } }
  }
  return record.url === undefined ? undefined : { artifactLocation: { uri: uriOf(record.url) } }
}

/** What has no place in a URI is escaped; what is escaped already stays. @see RFC 3986 */
function uriOf(text: string): string {
  return encodeURI(text.toWellFormed())
    .replace(/%25(?=[\dA-F]{2})/gi, '%')
    .replace(/[[\]]/g, encodeURIComponent)
}
