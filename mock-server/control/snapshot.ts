import { content, json } from '../core/answer.ts'
import type { ControlledServer } from './controlled.ts'
import type { ControlRoute } from './route.ts'

const LARGEST_BYTES = 268_435_456

/** `GET` and `PUT /snapshot`: everything that the TeamServer knows, taken and put back. */
export function snapshotRoutes({ snapshots }: ControlledServer): readonly ControlRoute[] {
  return [
    {
      method: 'GET',
      path: '/snapshot',
      answer: async () => content(200, 'application/json; charset=utf-8', await snapshots.take()),
    },
    {
      method: 'PUT',
      path: '/snapshot',
      async answer({ readText }) {
        await snapshots.restore(await readText(LARGEST_BYTES))
        return json(200, { success: true, messages: [] })
      },
    },
  ]
}
