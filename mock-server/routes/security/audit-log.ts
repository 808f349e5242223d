import type { AuditLog } from '../../administration/audit-log.ts'
import { json, refusal } from '../../core/answer.ts'
import type { Answer } from '../../core/exchange.ts'
import { ADMIN_AND_AUDITOR, personRoute, type RouteDescription, route } from '../route.ts'

const DESCRIPTION: Omit<RouteDescription, 'summary'> = {
  isOurs: true,
  answer: 'AuditLogAnswer',
  query: {
    startDate: 'From when: milliseconds since 1970, or ISO 8601',
    endDate: 'Until when, included; a date without time includes its whole day (UTC)',
    keyword: 'Text that the message contains, whatever its case',
    limit: 'How many at most: 1 to 1 000, 100 without it',
    offset: 'How many of the newest to leave out',
  },
}

/** Shows what was done and what was refused in an organization, newest first. */
export const showAuditLog = route({
  method: 'GET',
  path: '/ng/:org/security/audit',
  access: { people: ADMIN_AND_AUDITOR },
  description: { ...DESCRIPTION, summary: 'Search the audit log of the organization' },
  answer: ({ organization, query, administration }) =>
    page(administration.auditLog, organization.id, query),
})

/** The same for what concerns no single organization. */
export const showSystemAuditLog = personRoute({
  method: 'GET',
  path: '/ng/superadmin/security/audit',
  access: 'superadmin',
  description: { ...DESCRIPTION, summary: 'Search the audit log of what concerns no organization' },
  answer: ({ query, administration }) => page(administration.auditLog, undefined, query),
})

async function page(
  auditLog: AuditLog,
  organizationId: string | undefined,
  query: URLSearchParams,
): Promise<Answer> {
  // Empty values mean absent, as public clients send them.
  const given = (name: string) => query.get(name) || undefined
  const from = moment(given('startDate'), 0)
  const until = moment(given('endDate'), LAST_OF_DAY_MS)
  const limit = wholeNumber(given('limit'))
  const offset = wholeNumber(given('offset'))
  const mistakes = [
    ...(isMissed(from) ? ['startDate must be ISO 8601 or milliseconds'] : []),
    ...(isMissed(until) ? ['endDate must be ISO 8601 or milliseconds'] : []),
    ...(Number.isNaN(limit) || limit === 0 ? ['limit must be a whole number from 1'] : []),
    ...(Number.isNaN(offset) ? ['offset must be a whole number'] : []),
  ]
  if (mistakes.length > 0) return refusal('request-malformed', { where: mistakes.join('; ') })
  const text = given('keyword')
  const { total, logs } = await auditLog.read(organizationId, {
    ...(text === undefined ? {} : { text }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
  })
  return json(200, {
    success: true,
    messages: [],
    total,
    logs: logs.map(({ at, message }) => ({
      date: at.getTime(),
      timestamp: at.toISOString(),
      message,
    })),
  })
}

const LAST_OF_DAY_MS = 86_399_999

/**
 * Reads a moment; without a zone it is UTC.
 *
 * @param ofDayMs Where in its day a date without time stands.
 */
function moment(text: string | undefined, ofDayMs: number): Date | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,16}$/.test(text)) return new Date(Number(text))
  if (!/^\d{4}-\d\d-\d\d(T[\d:.+Z-]{1,24})?$/.test(text)) return new Date(Number.NaN)
  if (text.length === 10) return new Date(Date.parse(text) + ofDayMs)
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/.test(text.slice(10))
  return new Date(Date.parse(hasZone ? text : `${text}Z`))
}

function isMissed(moment: Date | undefined): boolean {
  return Number.isNaN(moment?.getTime())
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
}
