import type { ControlledServer } from './controlled.ts'
import { listingRoutes } from './listings.ts'
import type { ControlRoute } from './route.ts'

/** Everything that the control API answers. */
export function controlRoutes(server: ControlledServer): readonly ControlRoute[] {
  return [...listingRoutes(server)]
}
