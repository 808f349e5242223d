import type { Route } from '../../route.ts'
import {
  excludeFilteredRoutes,
  excludeRoutes,
  includeFilteredRoutes,
  includeRoutes,
  removeFilteredRoutes,
  removeRoute,
  removeRoutes,
  removeSomeRoutes,
} from './change-routes.ts'
import { ROUTE_EXPORTS } from './export-routes.ts'
import {
  countRoutes,
  findRoutes,
  listObservations,
  listRoutes,
  listServersOfRoute,
  showRouteStatus,
} from './list-routes.ts'
import { listRoutesOfVulnerability } from './routes-of-vulnerability.ts'
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
  removeFilteredRoutes,
  excludeRoutes,
  includeRoutes,
  excludeFilteredRoutes,
  includeFilteredRoutes,
  ...ROUTE_EXPORTS,
  listRoutesOfVulnerability,
  listTechnologies,
  listAllTechnologies,
  listComponents,
  listModules,
  listModulesOfApplication,
]
