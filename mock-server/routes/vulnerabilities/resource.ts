import { IMPORTANCES, importanceOf } from '../../inventory/importance.ts'
import { ruleOf } from '../../inventory/rules.ts'
import { LEVELS } from '../../inventory/severity.ts'
import type { VulnerabilityRecord } from '../../inventory/vulnerability.ts'
import type { ApplicationRecord, ServerRecord } from '../../store/records.ts'
import type { LinkMaker } from '../listing/links.ts'
import { eventResource, eventsOf } from './events.ts'
import { evidenceOf, findingOf } from './finding.ts'
import { requestOf, requestResource } from './http-request.ts'
import { noteResource } from './note-resource.ts'
import { type Surroundings, serversOf } from './surroundings.ts'
import { label, statusKeycode, statusLabel } from './words.ts'

/** What can be asked for beside what is always there. */
export const EXPANSIONS =
  'application, events, notes, request, servers, server_environments, session_metadata, sink, vulnerability_instances, skip_links'

/** What a resource of a vulnerability is made with. */
export interface Rendering {
  readonly surroundings: Surroundings
  readonly expand: ReadonlySet<string>
  readonly links: LinkMaker
}

/** The documented `TraceResource`. */
export function vulnerabilityResource(record: VulnerabilityRecord, rendering: Rendering) {
  const { surroundings } = rendering
  const application = surroundings.applications.get(record.application)
  const rule = ruleOf(record.rule)
  const { impact, likelihood, confidence } = LEVELS[record.severity]
  const { triage } = record
  const lastSeen = record.lastSeenAt.getTime()
  return {
    uuid: record.uuid,
    vulnerability_uuid: record.uuid,
    instance_uuid: record.uuid,
    title: record.title,
    sub_title: record.url === undefined ? '' : `at ${record.url}`,
    rule_name: record.rule,
    rule_title: rule.title,
    category: rule.category,
    category_label: rule.category,
    severity: record.severity.toUpperCase(),
    severity_label: label(record.severity),
    default_severity: record.defaultSeverity.toUpperCase(),
    default_severity_label: label(record.defaultSeverity),
    impact: label(impact),
    impact_label: label(impact),
    likelihood: label(likelihood),
    likelihood_label: label(likelihood),
    confidence: label(confidence),
    confidence_label: label(confidence),
    status: statusLabel(triage.status),
    status_keycode: statusKeycode(triage.status),
    sub_status: triage.substatus ?? '',
    first_time_seen: record.firstSeenAt.getTime(),
    last_time_seen: lastSeen,
    last_vuln_time_seen: lastSeen,
    closed_time: triage.closedAt?.getTime() ?? null,
    discovered: record.discoveredAt.getTime(),
    total_traces_received: record.count,
    total_notes: triage.notes.length,
    tags: triage.tags,
    app_version_tags: record.versions,
    language: application?.language ?? '',
    license: licenseOf(application),
    organization_name: surroundings.organization.name,
    visible: isVisible(application),
    hasParentApp: false,
    reported_to_bug_tracker: false,
    bugtracker_tickets: [],
    violations: [],
    evidence: evidenceOf(findingOf(record)),
    ...expanded(record, application, rendering),
    ...linksOf(record, application, rendering),
  }
}

/** The documented `TraceShortResource`. */
export function shortResource(
  record: VulnerabilityRecord,
  { surroundings, links }: Omit<Rendering, 'expand'>,
) {
  const application = surroundings.applications.get(record.application)
  const { impact, likelihood } = LEVELS[record.severity]
  return {
    uuid: record.uuid,
    app_id: application?.id ?? '',
    title: record.title,
    ruleName: record.rule,
    severity: record.severity.toUpperCase(),
    impact: label(impact),
    likelihood: label(likelihood),
    status: statusLabel(record.triage.status),
    subStatus: record.triage.substatus ?? '',
    first_time_seen: record.firstSeenAt.getTime(),
    license: licenseOf(application),
    visible: isVisible(application),
    ...links(['self', `/ng/${surroundings.organization.id}/orgtraces/filter/${record.uuid}`]),
  }
}

export function licenseOf(application: ApplicationRecord | undefined): string {
  return application?.isLicensed === false ? 'Unlicensed' : 'Licensed'
}

/** Of an application without a license the vulnerabilities are there, and not to be looked at. */
export function isVisible(application: ApplicationRecord | undefined): boolean {
  return application?.isLicensed !== false
}

function expanded(
  record: VulnerabilityRecord,
  application: ApplicationRecord | undefined,
  { surroundings, expand }: Rendering,
): object {
  const finding = findingOf(record)
  const request = expand.has('request') ? requestOf(finding) : undefined
  const servers = serversOf(surroundings, application)
  return {
    ...(expand.has('application') && application !== undefined
      ? { application: applicationResource(application) }
      : {}),
    ...(expand.has('events') ? { events: eventsOf(finding).map(eventResource) } : {}),
    ...(expand.has('notes') ? { notes: record.triage.notes.map(noteResource) } : {}),
    ...(request === undefined ? {} : { request: requestResource(request) }),
    ...(expand.has('servers') ? { servers: servers.map(serverResource) } : {}),
    ...(expand.has('servers') || expand.has('server_environments')
      ? { server_environments: [...new Set(servers.map(({ environment }) => environment))] }
      : {}),
    ...(expand.has('session_metadata')
      ? { session_metadata: sessionMetadata(record, surroundings) }
      : {}),
    ...(expand.has('sink') ? { sink: { hasSink: false, label: '' } } : {}),
    ...(expand.has('vulnerability_instances')
      ? {
          vulnerability_instances: [{ uuid: record.uuid, timestamp: record.lastSeenAt.getTime() }],
        }
      : {}),
  }
}

/** An application as vulnerabilities show it. */
function applicationResource(application: ApplicationRecord) {
  return {
    app_id: application.id,
    id: application.id,
    name: application.displayName ?? application.name,
    language: application.language,
    context_path: application.path ?? '/',
    importance: importanceOf(application),
    importance_description: IMPORTANCES[importanceOf(application)],
    archived: application.isArchived,
    child: false,
    primary: false,
    master: false,
    parent_app_id: null,
    total_modules: 1,
    last_seen: application.lastSeenAt.getTime(),
    tags: application.tags,
  }
}

/** The documented `ServerBaseResource`. */
export function serverResource(server: ServerRecord) {
  return {
    server_id: server.id,
    name: server.name,
    hostname: server.name,
    path: server.path,
    environment: server.environment,
    agent_version: '',
    enabled: true,
  }
}

/** What the sessions in which it was seen say of themselves, each value once. */
export function sessionMetadata(
  { sessions }: VulnerabilityRecord,
  surroundings: Surroundings,
): readonly object[] {
  const values = new Map<string, object>()
  for (const id of sessions) {
    for (const [name, value] of Object.entries(surroundings.sessions.get(id)?.metadata ?? {})) {
      values.set(`${name}\n${value}`, {
        metadataField: { agentLabel: name, displayLabel: name },
        value,
      })
    }
  }
  return [...values.values()]
}

function linksOf(
  { uuid }: VulnerabilityRecord,
  application: ApplicationRecord | undefined,
  { surroundings, links }: Rendering,
) {
  const base = `/ng/${surroundings.organization.id}`
  const id = application?.id ?? ''
  return links(
    ['self', `${base}/traces/${id}/filter/${uuid}`],
    ['application', `${base}/applications/${id}`],
    ['story', `${base}/traces/${uuid}/story`],
    ['recommendation', `${base}/traces/${uuid}/recommendation`],
    ['events-summary', `${base}/traces/${uuid}/events/summary`],
    ['httprequest', `${base}/traces/${uuid}/httprequest`],
    ['notes', `${base}/applications/${id}/traces/${uuid}/notes`],
    ['mark', `${base}/orgtraces/mark`, 'PUT'],
    ['delete', `${base}/orgtraces/trace/${uuid}`, 'DELETE'],
  )
}
