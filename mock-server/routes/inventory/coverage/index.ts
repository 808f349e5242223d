import type { Route } from '../../route.ts'
import {
  excludeRoutes,
  includeRoutes,
  removeRoute,
  removeRoutes,
  removeSomeRoutes,
} from './change-routes.ts'
import {
  countRoutes,
  findRoutes,
  listObservations,
  listRoutes,
  listServersOfRoute,
  showRouteStatus,
} from './list-routes.ts'
import {
  listAllTechnologies,
  listComponents,
  listModules,
  listModulesOfApplication,
  listTechnologies,
} from './technologies.ts'

/** Routes of applications, whether they were called, and what applications are built with. */
export const COVERAGE_ROUTES: readonly Route[] = [
  listRoutes,
  findRoutes,
  countRoutes,
  showRouteStatus,
  listObservations,
  listServersOfRoute,
  removeRoutes,
  removeRoute,
  removeSomeRoutes,
  excludeRoutes,
  includeRoutes,
  listTechnologies,
  listAllTechnologies,
  listComponents,
  listModules,
  listModulesOfApplication,
]
