import { content } from '../core/answer.ts'
import { TeamServerError } from '../errors.ts'
import type { ControlledServer } from './controlled.ts'
import { exchangeStream } from './exchange-stream.ts'
import { organizationsIn, readFilters } from './filters.ts'
import type { ControlRoute } from './route.ts'

/** `GET /stream`: every exchange as it is answered, as server-sent events. */
export function streamRoutes({ store, requestLog }: ControlledServer): readonly ControlRoute[] {
  return [
    {
      method: 'GET',
      path: '/stream',
      query: ['organization'],
      async answer({ query, header }) {
        const filters = readFilters(query)
        const after = lastEventId(header('last-event-id'))
        const ids =
          filters.organization === undefined
            ? undefined
            : new Set((await organizationsIn(store, filters)).map(({ id }) => id))
        if (ids?.size === 0) {
          throw new TeamServerError('ERR_NOT_FOUND', 'no organization has this id or name')
        }
        const isWanted = ({ request }: { request: { organizationId?: string } }) =>
          ids === undefined || ids.has(request.organizationId ?? '')
        return {
          ...content(200, 'text/event-stream; charset=utf-8', ''),
          stream: (leaving) => exchangeStream(requestLog, { after, isWanted }, leaving),
        }
      },
    },
  ]
}

function lastEventId(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new TeamServerError('ERR_OPTION_INVALID', 'Last-Event-ID must be the id of an event')
}
