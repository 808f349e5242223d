export type { Report } from '../sdk/wire/messages.ts'
export type { HttpLimits, ListenOptions } from './adapters/node-http.ts'
export type { AgentKeySeed } from './administration/agent-keys.ts'
export type { OrganizationSeed } from './administration/organizations.ts'
export type { PersonSeed } from './administration/person-seed.ts'
export type { Rotation } from './administration/secrets.ts'
export type { CountingEngine, EngineCounters } from './assertions/add-up.ts'
export {
  assertAddsUp,
  assertNotRefused,
  assertNotStored,
  assertRefused,
  assertStored,
} from './assertions/assertions.ts'
export type { KeyedCertificate, TlsOptions } from './certificates/listener-certificates.ts'
export type { Clock, TeamServerClock } from './clock.ts'
export {
  type ConnectedOrganization,
  type ConnectOptions,
  connectOrganization,
} from './connect/connect-organization.ts'
export {
  createGlobalSetup,
  type GlobalSetup,
  type GlobalSetupOptions,
} from './connect/global-setup.ts'
export type { ExchangeEvent } from './core/journal.ts'
export type { Limits } from './core/limits.ts'
export { TeamServerError, type TeamServerErrorCode } from './errors.ts'
export type { FaultRule } from './faults/fault-rule.ts'
export type { Faults, PlantedFault } from './faults/faults.ts'
export type { ApplicationRouteRecord, RouteObservation } from './inventory/application-route.ts'
export type { LibraryRecord, LibraryUse, LibraryWeakness } from './inventory/library.ts'
export type {
  StatusChange,
  Triage,
  VulnerabilityNote,
  VulnerabilityRecord,
  VulnerabilityStatus,
} from './inventory/vulnerability.ts'
export type { VulnerabilityFilter } from './inventory/vulnerability-filter.ts'
export type { Ledger } from './ledger/ledger.ts'
export type { AgentCredentials } from './organization/agent-keys.ts'
export type { OrganizationApiKey } from './organization/api-key.ts'
export type { Organization } from './organization/organization.ts'
export type { KnownPerson, PersonCredentials } from './organization/people.ts'
export type { Recording } from './recording/record.ts'
export {
  type Replayed,
  type ReplayOptions,
  type ReplayTarget,
  replay,
} from './recording/replay.ts'
export {
  type ReportedThing,
  type ReportingOrganization,
  reportedSnapshot,
} from './reported/reported.ts'
export type { LoggedRequest } from './request-log/logged-request.ts'
export type { PlayedStep, Playing, PlayOptions } from './scenario/play.ts'
export type { ScenarioStep } from './scenario/step.ts'
export type {
  ApplicationSeed,
  ComponentSeed,
  LibrarySeed,
  RouteSeed,
  ServerSeed,
  VulnerabilitySeed,
} from './seed/application-seed.ts'
export type { OrganizationContents, StoreContents } from './store/contents.ts'
export type * from './store/records.ts'
export type { RefusedRequest } from './store/refused-request.ts'
export type { Retention } from './store/retention.ts'
export type { AddedReport, CallerLookup, Store } from './store/store.ts'
export type { Listener, TeamServerListenOptions } from './team-server/listeners.ts'
export type { TeamServerOptions } from './team-server/options.ts'
export { createTeamServer, type TeamServer } from './team-server/team-server.ts'
