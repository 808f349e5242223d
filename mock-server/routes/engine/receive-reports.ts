import type { Report, ReportBatchAnswer, ReportBatchRequest } from '../../../sdk/wire/messages.ts'
import { ENGINE_METHODS } from '../../../sdk/wire/paths.ts'
import { json, refusal } from '../../core/answer.ts'
import { newUuid } from '../../flat-text.ts'
import { validateReport } from '../../messages/validate.ts'
import { ReportBatchRequest as validator } from '../../messages/validators.generated.js'
import type { CallerRecord } from '../../store/records.ts'
import type { AddedReport } from '../../store/store.ts'
import { routeWithBody } from '../route.ts'
import { seeApplication } from './applications.ts'

/**
 * Keeps each report of the batch and answers how many were new. Each is judged by itself: one that
 * is malformed costs only itself. A batch in which none is well-formed is a malformed body.
 */
export const receiveReports = (path: string) =>
  routeWithBody({
    method: ENGINE_METHODS.reports,
    path,
    access: 'agents',
    description: {
      summary: 'Send up to 1 000 reports',
      isOurs: true,
      request: 'ReportBatchRequest',
      answer: 'ReportBatchAnswer',
      answerStatus: 202,
    },
    validator,
    async answer({ message, organization, caller, store, now, note }) {
      const { reports, rejected } = sortOut(message.reports)
      const [first] = rejected
      if (reports.length === 0 && first !== undefined) {
        return refusal('body-malformed', { where: `reports[${first.index}]: ${first.reason}` })
      }
      const name =
        message.application ??
        (message.session === undefined
          ? undefined
          : (await store.session(organization.id, message.session))?.application) ??
        nameOf(caller.record)
      const application = await seeApplication(store, organization.id, name, newUuid, now)
      if (application.isArchived) return refusal('application-archived')

      const { session } = message
      const outcomes = await store.addReports(
        organization.id,
        // Field by field: there may be many.
        reports.map((report) => ({
          receivedAt: now,
          organizationId: organization.id,
          agentUserName: caller.record.userName,
          application: application.name,
          ...(session === undefined ? NO_SESSION : { session }),
          report,
        })),
      )
      const added = countOf(outcomes, 'added')
      const conflicts = countOf(outcomes, 'conflict')
      if (conflicts > 0) {
        await note(
          'notice',
          'report-conflict',
          `${conflicts} reports had a known id and other content; the first content stays`,
        )
      }
      const known = outcomes.length - added
      const answer: ReportBatchAnswer = {
        success: true,
        messages: [],
        batch: message.batch ?? null,
        added,
        known,
        rejected,
      }
      const { status, headers, body } = json(202, answer)
      const counts = { accepted: added, known, rejected: rejected.length }
      return { status, headers, body, reports: counts }
    },
  })

const NO_SESSION = {}

function sortOut(given: ReportBatchRequest['reports']): {
  readonly reports: readonly Report[]
  readonly rejected: ReportBatchAnswer['rejected']
} {
  const reports: Report[] = []
  const rejected: ReportBatchAnswer['rejected'] = []
  given.forEach((value, index) => {
    const validated = validateReport(value)
    if (validated.status === 'valid') reports.push(validated.message)
    else rejected.push({ index, id: idOf(value), reason: validated.where })
  })
  return { reports, rejected }
}

/** The id of a report that is malformed otherwise, if it can be told at all. */
function idOf({ id }: { readonly id?: unknown }): string | null {
  return typeof id === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(id) ? id : null
}

/** What an application is called when neither the batch nor its session says: as the agent key. */
function nameOf(caller: CallerRecord): string {
  return caller.kind === 'agent' ? caller.name : caller.userName
}

function countOf(outcomes: readonly AddedReport[], wanted: AddedReport): number {
  let count = 0
  for (const outcome of outcomes) if (outcome === wanted) count++
  return count
}
