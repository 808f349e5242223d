import { json } from '../core/answer.ts'
import { TeamServerError } from '../errors.ts'
import { checkedFields } from './body.ts'
import type { ControlledServer } from './controlled.ts'
import type { ControlRoute } from './route.ts'

/** `GET /clock`, and `PUT /clock` with `now` or `advanceMs`: the time, moved forward. */
export function clockRoutes({ clock }: ControlledServer): readonly ControlRoute[] {
  return [
    { method: 'GET', path: '/clock', answer: async () => json(200, { now: clock.now() }) },
    {
      method: 'PUT',
      path: '/clock',
      async answer({ readJson }) {
        const given = checkedFields(await readJson(), ['now', 'advanceMs'])
        const { now, advanceMs } = given
        if ((now === undefined) === (advanceMs === undefined)) {
          throw new TeamServerError('ERR_OPTION_INVALID', 'the body needs one of now, advanceMs')
        }
        // What is no moment and no number is refused there, by name.
        const moved =
          now === undefined ? clock.advance(advanceMs as number) : clock.set(momentOf(now))
        return json(200, { now: moved })
      },
    },
  ]
}

function momentOf(now: unknown): string | number {
  if (typeof now === 'string' || typeof now === 'number') return now
  throw new TeamServerError('ERR_OPTION_INVALID', 'now must be ISO 8601 or milliseconds')
}
