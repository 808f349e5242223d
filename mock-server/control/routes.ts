import { clockRoutes } from './clock.ts'
import type { ControlledServer } from './controlled.ts'
import { faultRoutes } from './faults.ts'
import { listingRoutes } from './listings.ts'
import { metricRoutes } from './metrics.ts'
import { organizationRoutes } from './organizations.ts'
import type { ControlRoute } from './route.ts'
import { snapshotRoutes } from './snapshot.ts'
import { stateRoutes } from './state.ts'
import { streamRoutes } from './stream.ts'

/** Everything that the control API answers. */
export function controlRoutes(server: ControlledServer): readonly ControlRoute[] {
  return [
    ...listingRoutes(server),
    ...stateRoutes(server),
    ...clockRoutes(server),
    ...faultRoutes(server),
    ...streamRoutes(server),
    ...snapshotRoutes(server),
    ...organizationRoutes(server),
    ...metricRoutes(server),
  ]
}
