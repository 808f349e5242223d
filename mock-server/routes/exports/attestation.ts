import type { Answer } from '../../core/exchange.ts'
import { pdfOf } from '../../documents/pdf.ts'
import type { VulnerabilityFilter } from '../../inventory/vulnerability-filter.ts'
import type { ApplicationRecord } from '../../store/records.ts'
import { fileWord } from '../attachment.ts'
import { findApplication } from '../listing/find-application.ts'
import { notFound } from '../listing/not-found.ts'
import { createQueryReader, type QueryReader, queryOf } from '../listing/query.ts'
import { type Call, EDIT_AND_UP, routeWithBody } from '../route.ts'
import { wordsOf } from '../vulnerabilities/read-filter.ts'
import { serversOf, surroundingsOf } from '../vulnerabilities/surroundings.ts'
import {
  readSeverity,
  readStatus,
  SEVERITY_KEYCODES,
  STATUS_KEYCODES,
} from '../vulnerabilities/words.ts'
import { attestationLines } from './attestation-lines.ts'
import { keepExport } from './keep-export.ts'
import type { AttestationMessage } from './messages.ts'
import { AttestationRequest } from './validators.generated.js'

const ENVIRONMENTS = ['DEVELOPMENT', 'QA', 'PRODUCTION'] as const
/** The one standard that rules are sorted by here. */
const STANDARDS = ['owasp-2021'] as const

/** Makes a report of what is known of an application, as PDF. */
export const makeAttestation = routeWithBody({
  method: 'POST',
  path: '/ng/:org/applications/:app/attestation',
  access: { people: EDIT_AND_UP },
  isBodyOptional: true,
  description: {
    summary: 'Make a report on the vulnerabilities of an application as PDF, to be downloaded',
    isOurs: false,
    request: 'AttestationRequest',
    answer: 'ReportAsyncExportResponse',
  },
  validator: AttestationRequest,
  answer: withAttestation,
})

async function withAttestation(call: Call<AttestationMessage>): Promise<Answer> {
  const application = await findApplication(call)
  if (application === undefined) return notFound('application')
  const { store, organization, message, now } = call
  const query = createQueryReader(queryOf(new URLSearchParams(), { ...message }))
  const standards = query.choices('complianceReports', STANDARDS)
  const filter = await readFilter(query, call, application)
  const refused = query.refusal()
  if (refused !== undefined) return refused
  const { vulnerabilities } = await store.searchVulnerabilities(organization.id, { filter })
  const libraries = await store.libraries(organization.id)
  const lines = attestationLines({
    organization,
    application,
    vulnerabilities,
    libraries: libraries.filter(({ uses }) => uses.has(application.name)),
    routes: await store.routes(organization.id, application.name),
    settings: message,
    hasStandard: standards.length > 0,
    at: now,
  })
  return keepExport(call, {
    kind: 'ATTESTATION',
    fileName: `attestation-${fileWord(application.name)}.pdf`,
    contentType: 'application/pdf',
    bytes: pdfOf(`Attestation report: ${application.name}`, lines, now),
  })
}

async function readFilter(
  query: QueryReader,
  call: Call<AttestationMessage>,
  application: ApplicationRecord,
): Promise<VulnerabilityFilter> {
  const statuses = wordsOf(query, 'vulnerabilityStatuses', readStatus, STATUS_KEYCODES)
  const severities = wordsOf(query, 'vulnerabilitySeverities', readSeverity, SEVERITY_KEYCODES)
  const environments = query.choices('serverEnvironments', ENVIRONMENTS)
  const serverTags = query.list('serverTags')
  const types = query.list('vulnerabilityTypes')
  const tags = query.list('vulnerabilityTags')
  // A report does not tell its server: it is on all of its application.
  const isOnServer =
    environments.length + serverTags.length === 0 ||
    serversOf(await surroundingsOf(call), application).some(
      (server) =>
        (environments.length === 0 || environments.includes(server.environment)) &&
        (serverTags.length === 0 || server.tags.some((tag) => serverTags.includes(tag))),
    )
  return {
    applications: new Set(isOnServer ? [application.name] : []),
    ...(statuses === undefined ? {} : { statuses }),
    ...(severities === undefined ? {} : { severities }),
    ...(types.length === 0 ? {} : { rules: new Set(types) }),
    ...(tags.length === 0 ? {} : { tags: new Set(tags) }),
  }
}
