import { refusal } from '../../core/answer.ts'
import type { Answer } from '../../core/exchange.ts'
import { newUuid } from '../../flat-text.ts'
import { marked } from '../../inventory/triage.ts'
import { done } from '../done.ts'
import { notFound } from '../listing/not-found.ts'
import { EDIT_AND_UP, type GuardedRoute, RULES_ADMIN_AND_UP, routeWithBody } from '../route.ts'
import { vulnerabilitiesIn } from './bulk.ts'
import type { VulnerabilityMarkMessage } from './messages.ts'
import {
  APPLICATION_SCOPE,
  ORGANIZATION_SCOPE,
  SCOPES,
  type Scope,
  type VulnerabilityCall,
  withVulnerability,
} from './scope.ts'
import {
  TraceSeverityUpdateRequest,
  VulnerabilityMarkStatusRequest,
} from './validators.generated.js'
import { readSeverity, readStatus, SEVERITY_KEYCODES, STATUS_KEYCODES } from './words.ts'

/** Marks vulnerabilities with a status: all of those that are named, or none. */
function markAt(scope: Scope): GuardedRoute {
  return routeWithBody({
    method: 'PUT',
    path: `${scope.base}/mark`,
    access: { people: EDIT_AND_UP },
    description: {
      summary: `Mark vulnerabilities ${scope.words} with a status`,
      isOurs: false,
      request: 'VulnerabilityMarkStatusRequest',
      answer: 'BaseApiResponse',
    },
    validator: VulnerabilityMarkStatusRequest,
    answer: (call) => mark(call, call.message, scope),
  })
}

async function mark(
  call: VulnerabilityCall,
  { traces, status: word, substatus, note }: VulnerabilityMarkMessage,
  scope: Scope,
): Promise<Answer> {
  const status = readStatus(word)
  if (status === undefined) {
    return refusal('body-malformed', { where: `status must be of ${STATUS_KEYCODES.join(', ')}` })
  }
  const found = await vulnerabilitiesIn(call, traces, scope)
  if (found.status === 'absent') return found.answer
  const { store, organization, actor, now } = call
  const given = {
    status,
    ...(isSaid(substatus) ? { substatus } : {}),
    ...(isSaid(note) ? { note } : {}),
  }
  for (const { uuid } of found.records) {
    await store.changeTriage(organization.id, uuid, (before) =>
      marked(before, given, actor.userName, now, newUuid()),
    )
  }
  return done({ messages: [`Vulnerabilities marked: ${found.records.length}.`] })
}

function isSaid(text: string | null | undefined): text is string {
  return text !== undefined && text !== null && text !== ''
}

/** Sets the severity of one, or takes back what was set. */
function severityAt(scope: Scope): GuardedRoute {
  return routeWithBody({
    method: 'PUT',
    path: `${scope.base}/trace/:trace/severity`,
    access: { people: RULES_ADMIN_AND_UP },
    description: {
      summary: `Set the severity of a vulnerability ${scope.words}, or take it back`,
      isOurs: false,
      request: 'TraceSeverityUpdateRequest',
      answer: 'BaseApiResponse',
    },
    validator: TraceSeverityUpdateRequest,
    answer: (call) =>
      withVulnerability(call, scope, async ({ uuid }) => {
        const { store, organization, message } = call
        const severity = readSeverity(message.severity)
        if (severity === undefined) {
          return refusal('body-malformed', {
            where: `severity must be of ${SEVERITY_KEYCODES.join(', ')}`,
          })
        }
        const after = await store.changeTriage(organization.id, uuid, (before) => {
          const { severity: _severity, ...rest } = before
          return message.override ? { ...rest, severity } : rest
        })
        if (after === undefined) return notFound('vulnerability')
        return done({ messages: [`The severity is ${after.severity.toUpperCase()}.`] })
      }),
  })
}

export const MARK_ROUTES: readonly GuardedRoute[] = [
  markAt(ORGANIZATION_SCOPE),
  markAt(APPLICATION_SCOPE),
  ...SCOPES.map(severityAt),
]
