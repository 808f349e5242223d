import { done } from '../done.ts'
import { findApplication } from '../listing/find-application.ts'
import { notFound } from '../listing/not-found.ts'
import { createQueryReader } from '../listing/query.ts'
import { ALL_ROLES, type Call, type GuardedRoute, route } from '../route.ts'
import { SCORE_INTERVALS, scoreHistory, spanOfInterval } from '../scores/history.ts'

/** The scores of an application over time. */
function historyAt(path: string, summary: string, hasInterval: boolean): GuardedRoute {
  return route({
    method: 'GET',
    path: `/ng/:org/applications/:app/${path}`,
    access: { people: ALL_ROLES },
    description: {
      summary,
      isOurs: false,
      answer: 'HistoryScoresResponse',
      ...(hasInterval
        ? {
            query: {
              interval: SCORE_INTERVALS.join(', '),
              environment: 'DEVELOPMENT, QA or PRODUCTION; looked at and no more',
            },
          }
        : {}),
    },
    async answer(call: Call) {
      const query = createQueryReader(call.query)
      const interval = query.choice('interval', SCORE_INTERVALS)
      query.choice('environment', ['DEVELOPMENT', 'QA', 'PRODUCTION'])
      if (hasInterval) query.required('interval', interval)
      const refused = query.refusal()
      if (refused !== undefined) return refused
      const application = await findApplication(call)
      if (application === undefined) return notFound('application')
      return done(await scoreHistory(call, spanOfInterval(interval), new Set([application.name])))
    },
  })
}

export const HISTORY_ROUTES: readonly GuardedRoute[] = [
  historyAt('history', 'Show the scores of an application over the last month', false),
  historyAt('history/interval', 'Show the scores of an application over time', true),
  historyAt('history/interval/defense', 'Show the scores of an application over time', true),
]
