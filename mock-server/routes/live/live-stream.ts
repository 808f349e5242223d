import { content, refusal } from '../../core/answer.ts'
import type { Answer } from '../../core/exchange.ts'
import { type Access, ADMIN_ONLY, type Call, EVERY_ROLE, route } from '../route.ts'
import { stillAllowed } from './still-allowed.ts'

const WATCHING = { people: EVERY_ROLE } as const satisfies Access
const EXCHANGES = { people: ADMIN_ONLY } as const satisfies Access

/** Tells people who are signed in of each change of the organization. */
export const watchOrganization = route({
  method: 'GET',
  path: '/ng/:org/live',
  access: WATCHING,
  needsSession: true,
  description: {
    summary: 'Follow changes of the organization, as server-sent events; with a login alone',
    isOurs: true,
    answerType: 'text/event-stream',
  },
  answer: async (call) => stream(call, WATCHING, undefined),
})

/** The same, and each request once it is answered. */
export const watchExchanges = route({
  method: 'GET',
  path: '/ng/:org/live/requests',
  access: EXCHANGES,
  needsSession: true,
  description: {
    summary: 'Follow each request of the organization, as server-sent events; with a login alone',
    isOurs: true,
    answerType: 'text/event-stream',
    query: {
      after:
        'Goes on behind this place, as `Last-Event-ID` does: the id of an event; all that is kept without it',
    },
  },
  async answer(call) {
    const given = call.header('last-event-id') || call.query.get('after') || '0'
    if (/^\d{1,15}$/.test(given)) return stream(call, EXCHANGES, Number(given))
    return refusal('request-malformed', { where: 'after must be the id of an event' })
  },
})

function stream(call: Call, access: Access, exchangesAfter: number | undefined): Answer {
  const { organization, live, caller } = call
  // The routes are for people who are signed in alone.
  if (caller.session === undefined) return refusal('session-missing')
  return {
    ...content(200, 'text/event-stream; charset=utf-8', ''),
    stream: live.stream({
      organizationId: organization.id,
      exchangesAfter,
      stillAllowed: stillAllowed(call, access, caller.session),
    }),
  }
}
