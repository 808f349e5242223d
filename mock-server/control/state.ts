import { json } from '../core/answer.ts'
import type { ControlledServer } from './controlled.ts'
import { organizationNamed } from './organizations.ts'
import type { ControlRoute } from './route.ts'

/** `DELETE /state` and `DELETE /organizations/{id}/state`: what engines did is forgotten. */
export function stateRoutes({ store, reset }: ControlledServer): readonly ControlRoute[] {
  const done = () => json(200, { success: true, messages: [] })
  return [
    {
      method: 'DELETE',
      path: '/state',
      async answer() {
        await reset()
        return done()
      },
    },
    {
      method: 'DELETE',
      path: '/organizations/:id/state',
      async answer({ parameters: { id = '' } }) {
        await reset((await organizationNamed(store, id)).id)
        return done()
      },
    },
  ]
}
