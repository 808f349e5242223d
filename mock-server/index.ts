export type { Report } from '../sdk/wire/messages.ts'
export type { HttpLimits, ListenOptions } from './adapters/node-http.ts'
export type { AgentKeySeed } from './administration/agent-keys.ts'
export type { OrganizationSeed } from './administration/organizations.ts'
export type { PersonSeed } from './administration/person-seed.ts'
export type { Rotation } from './administration/secrets.ts'
export type { Clock } from './clock.ts'
export type { ExchangeEvent } from './core/journal.ts'
export type { Limits } from './core/limits.ts'
export { TeamServerError, type TeamServerErrorCode } from './errors.ts'
export type {
  AgentCredentials,
  KnownPerson,
  Organization,
  OrganizationApiKey,
  PersonCredentials,
  RefusedRequest,
} from './organization.ts'
export type { Retention } from './store/memory-store.ts'
export type * from './store/records.ts'
export type { AddedReport, CallerLookup, Store } from './store/store.ts'
export {
  createTeamServer,
  type Listener,
  type TeamServer,
  type TeamServerListenOptions,
  type TeamServerOptions,
} from './team-server.ts'
