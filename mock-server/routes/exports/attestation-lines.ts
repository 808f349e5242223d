import type { PdfLine } from '../../documents/pdf.ts'
import {
  type ApplicationRouteRecord,
  routeSignature,
  routeState,
} from '../../inventory/application-route.ts'
import { IMPORTANCES, importanceOf } from '../../inventory/importance.ts'
import { type LibraryRecord, libraryScore } from '../../inventory/library.ts'
import { ruleOf } from '../../inventory/rules.ts'
import { SEVERITIES } from '../../inventory/severity.ts'
import { isOpen, type VulnerabilityRecord } from '../../inventory/vulnerability.ts'
import type { ApplicationRecord, OrganizationRecord } from '../../store/records.ts'
import { statsOf } from '../applications/application-stats.ts'
import { isVisible } from '../vulnerabilities/resource.ts'
import { label, statusLabel } from '../vulnerabilities/words.ts'
import type { AttestationMessage } from './messages.ts'

/** What a report is made of. */
export interface AttestationContents {
  readonly organization: OrganizationRecord
  readonly application: ApplicationRecord
  /** Those that the settings let through. */
  readonly vulnerabilities: readonly VulnerabilityRecord[]
  readonly libraries: readonly LibraryRecord[]
  readonly routes: readonly ApplicationRouteRecord[]
  readonly settings: AttestationMessage
  /** Whether the OWASP Top Ten is to be gone through. */
  readonly hasStandard: boolean
  readonly at: Date
}

/** The documented parts of a report, in their order: settings, summary, code, libraries, routes, standard. */
export function attestationLines(contents: AttestationContents): readonly PdfLine[] {
  const { organization, application, at } = contents
  const { name, id, displayName = name } = application
  return [
    { text: `Attestation report: ${displayName}`, as: 'title' },
    text('Made by a mock TeamServer from what was reported to it. It attests nothing.'),
    text(`Organization: ${organization.name} (${organization.id})`),
    text(`Application: ${name} (${id}), ${application.language}`),
    text(`Importance: ${IMPORTANCES[importanceOf(application)]}`),
    text(`Archived: ${application.isArchived ? 'yes' : 'no'}`),
    text(`Made at: ${at.toISOString()}`),
    ...settingLines(contents),
    ...summaryLines(contents),
    ...vulnerabilityLines(contents),
    ...libraryLines(contents),
    ...routeLines(contents),
    ...standardLines(contents),
  ]
}

function text(line: string): PdfLine {
  return { text: line }
}

function heading(line: string): PdfLine {
  return { text: line, as: 'heading' }
}

function settingLines({ settings }: AttestationContents): readonly PdfLine[] {
  const shown = (words: readonly (string | number)[] | null | undefined) =>
    words === null || words === undefined || words.length === 0 ? 'all' : words.join(', ')
  return [
    heading('Settings'),
    text(`Statuses: ${shown(settings.vulnerabilityStatuses)}`),
    text(`Severities: ${shown(settings.vulnerabilitySeverities)}`),
    text(`Types: ${shown(settings.vulnerabilityTypes)}`),
    text(`Tags: ${shown(settings.vulnerabilityTags)}`),
    text(`Environments: ${shown(settings.serverEnvironments)}`),
    text(`Tags of servers: ${shown(settings.serverTags)}`),
  ]
}

function summaryLines({ vulnerabilities, libraries }: AttestationContents): readonly PdfLine[] {
  const tallies = vulnerabilities.map(({ severity, triage }) => ({
    values: [severity, triage.status],
    count: 1,
  }))
  const { open, scores } = statsOf(tallies, libraries.map(libraryScore))
  const { overall, security, platform } = scores
  return [
    heading('Summary'),
    text(`Score: ${overall.letter} (${overall.grade})`),
    text(`Custom code: ${security.letter} (${security.grade})`),
    text(`Libraries: ${platform.letter} (${platform.grade})`),
    text(`Vulnerabilities: ${vulnerabilities.length}`),
    ...SEVERITIES.toReversed().map((each) => text(`Open, ${label(each)}: ${open.get(each) ?? 0}`)),
  ]
}

function vulnerabilityLines({
  application,
  vulnerabilities,
  settings,
}: AttestationContents): readonly PdfLine[] {
  if (settings.showVulnerabilitiesDetails !== true) return []
  // As documented: details need a license.
  if (!isVisible(application)) {
    return [heading('Vulnerabilities'), text('The application has no license: no details.')]
  }
  return [
    heading('Vulnerabilities'),
    ...vulnerabilities.flatMap((each) => [
      text(
        `${each.uuid} ${label(each.severity)}, ${statusLabel(each.triage.status)}: ${each.title}`,
      ),
      text(
        `    ${each.rule}${each.url === undefined ? '' : ` at ${each.url}`}, ` +
          `seen ${each.count} times until ${each.lastSeenAt.toISOString()}`,
      ),
    ]),
  ]
}

function libraryLines({ libraries }: AttestationContents): readonly PdfLine[] {
  const weak = libraries.filter(({ weaknesses }) => weaknesses.length > 0)
  return [
    heading('Libraries'),
    text(`Libraries: ${libraries.length}, with known weaknesses: ${weak.length}`),
    ...weak.map(({ name, version, weaknesses }) =>
      text(`${name} ${version}: ${weaknesses.map((each) => each.name).join(', ')}`),
    ),
  ]
}

function routeLines({ routes, settings }: AttestationContents): readonly PdfLine[] {
  const counted = routes.filter(({ isExcluded }) => !isExcluded)
  const exercised = counted.filter((each) => routeState(each) === 'EXERCISED')
  return [
    heading('Route coverage'),
    text(`Routes: ${counted.length}, exercised: ${exercised.length}`),
    ...(settings.showRouteObservations === true
      ? counted.map((each) =>
          text(`${routeSignature(each)}: ${each.requests} requests, ${routeState(each)}`),
        )
      : []),
  ]
}

function standardLines({ hasStandard, vulnerabilities }: AttestationContents): readonly PdfLine[] {
  if (!hasStandard) return []
  const counts = new Map<string, number>()
  for (const { rule, triage } of vulnerabilities) {
    const { owasp } = ruleOf(rule)
    if (owasp === '' || !isOpen(triage.status)) continue
    counts.set(owasp, (counts.get(owasp) ?? 0) + 1)
  }
  return [
    heading('OWASP Top Ten 2021'),
    ...(counts.size === 0 ? [text('No open vulnerability is in one of its categories.')] : []),
    ...[...counts].sort().map(([category, count]) => text(`${category}: ${count} open`)),
  ]
}
