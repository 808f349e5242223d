export type { CredentialsUpdate } from './configuration/credentials-update.ts'
export type { CertificateOptions, ProxyOptions } from './configuration/network-options.ts'
export type {
  ApplicationOptions,
  EngineOptions,
  ServerOptions,
  SessionOptions,
} from './configuration/options.ts'
export type {
  CredentialsProvider,
  ProvidedCredentials,
} from './configuration/provided-credentials.ts'
export type { Counters } from './delivery/counters.ts'
export type {
  Engine,
  EngineStatus,
  FlushOptions,
  FlushResult,
} from './engine/engine.ts'
export { createEngine } from './engine.ts'
export { EngineError, type EngineErrorCode } from './errors.ts'
export type {
  DropReason,
  EngineEvents,
  EngineIdentity,
  EngineMessage,
  EngineState,
  EventCounters,
  ExchangeOutcome,
  HoldStatus,
} from './events/messages.ts'
export type { Logger } from './logger.ts'
export {
  definePlugin,
  type GivenReport,
  libraries,
  type Plugin,
  type PluginContext,
  type PluginRun,
  routes,
} from './plugins/index.ts'
export type { HoldCause } from './transport/classify.ts'
export type { Fetch, FetchAnswer, FetchBodyReader, FetchInit } from './transport/fetch.ts'
export type * from './wire/messages.ts'
