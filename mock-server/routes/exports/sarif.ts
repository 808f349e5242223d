import type { Answer } from '../../core/exchange.ts'
import { attachment, fileWord } from '../attachment.ts'
import { findApplication } from '../listing/find-application.ts'
import { notFound } from '../listing/not-found.ts'
import { createQueryReader, queryOf } from '../listing/query.ts'
import { ALL_ROLES, type Call, routeWithBody } from '../route.ts'
import { readFilter } from '../vulnerabilities/read-filter.ts'
import { surroundingsOf } from '../vulnerabilities/surroundings.ts'
import { keepExport } from './keep-export.ts'
import type { SarifMessage } from './messages.ts'
import { sarifLog } from './sarif-log.ts'
import { SarifRequest } from './validators.generated.js'

const PATH = '/ng/organizations/:org/applications/:app/sarif'
const JSON_TYPE = 'application/json; charset=utf-8'

/** What has results here: the vulnerabilities of an application, and the known weaknesses of its libraries. */
const TOOLS = ['ASSESS', 'SCA'] as const

const COMMON = {
  method: 'POST',
  access: { people: ALL_ROLES },
  validator: SarifRequest,
} as const

/** Answers with the vulnerabilities of an application as SARIF 2.1.0. */
export const showSarif = routeWithBody({
  ...COMMON,
  path: PATH,
  description: {
    summary: 'The vulnerabilities of an application as SARIF 2.1.0',
    isOurs: false,
    request: 'SarifRequest',
    answerType: 'application/json',
  },
  answer: (call) => withSarif(call, (text, fileName) => attachment(fileName, JSON_TYPE, text)),
})

/** Makes the same, to be fetched later. */
export const makeSarif = routeWithBody({
  ...COMMON,
  path: `${PATH}/async`,
  description: {
    summary: 'Make SARIF 2.1.0 of the vulnerabilities of an application, to be downloaded',
    isOurs: false,
    request: 'SarifRequest',
    answer: 'SarifAsyncExportResponse',
  },
  answer: (call) =>
    withSarif(call, (text, fileName) =>
      keepExport(call, {
        kind: 'SARIF',
        fileName,
        contentType: JSON_TYPE,
        bytes: Buffer.from(text),
      }),
    ),
})

async function withSarif(
  call: Call<SarifMessage>,
  answer: (text: string, fileName: string) => Answer | Promise<Answer>,
): Promise<Answer> {
  const application = await findApplication(call)
  if (application === undefined) return notFound('application')
  const { store, organization, message } = call
  const query = createQueryReader(queryOf(new URLSearchParams(), { ...message }))
  const tools = query.choices('toolTypes', TOOLS)
  if (query.list('toolTypes').length === 0) {
    query.mistake(`toolTypes must hold one of ${TOOLS.join(', ')}`)
  }
  const names = new Set([application.name])
  const surroundings = await surroundingsOf(call)
  const filter = await readFilter(query, call, surroundings, names)
  const refused = query.refusal()
  if (refused !== undefined) return refused
  const { vulnerabilities } = tools.includes('ASSESS')
    ? await store.searchVulnerabilities(organization.id, { filter })
    : { vulnerabilities: [] }
  const libraries = tools.includes('SCA') ? await store.libraries(organization.id) : []
  const log = sarifLog({
    application,
    vulnerabilities,
    libraries: libraries.filter(({ uses }) => uses.has(application.name)),
    severities: filter.severities,
  })
  return answer(JSON.stringify(log), `${fileWord(application.name)}.sarif`)
}
