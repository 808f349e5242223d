import { json } from '../core/answer.ts'
import { TeamServerError } from '../errors.ts'
import type { FaultRule } from '../faults/fault-rule.ts'
import type { PlantedFault } from '../faults/faults.ts'
import type { ControlledServer } from './controlled.ts'
import type { ControlRoute } from './route.ts'

/** `GET`, `POST` and `DELETE /faults`, and `DELETE /faults/{id}`: what goes wrong on purpose. */
export function faultRoutes({ faults }: ControlledServer): readonly ControlRoute[] {
  const removed = (count: number) => json(200, { success: true, messages: [], removed: count })
  return [
    {
      method: 'GET',
      path: '/faults',
      answer: async () => json(200, { faults: faults.list().map(shown) }),
    },
    {
      method: 'POST',
      path: '/faults',
      async answer({ readJson }) {
        // Checked whole by the registry, whatever it is.
        const planted = faults.add((await readJson()) as FaultRule)
        return json(201, { success: true, messages: [], fault: shown(planted) })
      },
    },
    {
      method: 'DELETE',
      path: '/faults',
      async answer() {
        const count = faults.list().length
        faults.clear()
        return removed(count)
      },
    },
    {
      method: 'DELETE',
      path: '/faults/:id',
      async answer({ parameters: { id = '' } }) {
        const fault = faults.list().find((each) => String(each.id) === id)
        if (fault === undefined) throw new TeamServerError('ERR_NOT_FOUND', 'no fault has this id')
        fault.remove()
        return removed(1)
      },
    },
  ]
}

function shown({ id, rule, seed, matches, hits, isSpent }: PlantedFault) {
  return { id, rule, seed, matches, hits, isSpent }
}
