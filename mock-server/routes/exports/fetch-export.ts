import { attachment } from '../attachment.ts'
import { done } from '../done.ts'
import { apiUrl } from '../listing/links.ts'
import { notFound } from '../listing/not-found.ts'
import { ALL_ROLES, type Call, route } from '../route.ts'

const EVERYONE = { people: ALL_ROLES }

/** Tells whether a file is there to be fetched: it is made at once, so whoever asks is told where it is. */
export const showExportStatus = route({
  method: 'GET',
  path: '/ng/organizations/:org/reports/:export/status',
  access: EVERYONE,
  description: {
    summary: 'Tell whether a file that was asked for is made, and where it is',
    isOurs: false,
    answer: 'ReportTrackingDetailStatusResponse',
  },
  async answer(call) {
    const file = await exportNamed(call)
    if (file === undefined) return notFound('report')
    const path = `/ng/${call.organization.id}/reports/${file.id}/download`
    return done({
      reportType: file.kind,
      status: 'ACTIVE',
      downloadUrl: `${apiUrl(call.address)}${path}`,
    })
  },
})

/** Answers with a file. */
export const downloadExport = route({
  method: 'POST',
  path: '/ng/:org/reports/:export/download',
  access: EVERYONE,
  description: {
    summary: 'Download a file that was asked for',
    isOurs: false,
    answerType: ['application/pdf', 'application/json', 'text/csv'],
  },
  async answer(call) {
    const file = await exportNamed(call)
    if (file === undefined) return notFound('report')
    return attachment(file.fileName, file.contentType, file.bytes)
  },
})

function exportNamed({
  store,
  organization,
  parameters,
}: Pick<Call, 'store' | 'organization' | 'parameters'>) {
  return store.export(organization.id, (parameters.export ?? '').toLowerCase())
}
