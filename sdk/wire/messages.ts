// Made from schemas.json by `npm run generate`. Do not edit.

/**
 * An identifier made by the sender: 1 to 128 characters of letters, digits, dot, underscore and hyphen.
 */
export type Id = string
/**
 * A moment: ISO 8601 text with a date and a time, or milliseconds since 1970 (negative before).
 */
export type Moment = string | number
/**
 * How bad a finding is, mildest first.
 */
export type Severity = 'note' | 'low' | 'medium' | 'high' | 'critical'
/**
 * The request that showed a weakness: as text, or in parts.
 */
export type HttpRequest =
  | string
  | {
      method?: string
      url?: string
      headers?: {
        [k: string]: string | string[]
      }
      body?: string
      [k: string]: unknown
    }
/**
 * One unit handed to TeamServer. Fields it does not know are dropped, not refused.
 */
export type Report =
  FindingReport | LibraryReport | RouteReport | AttackReport | ActivityReport | ComponentReport
export type Messages = string[]
/**
 * The class of a refusal. The exact reason goes to the audit log only.
 */
export type RefusalReason =
  | 'credentials-missing'
  | 'credentials-wrong'
  | 'api-key-wrong'
  | 'address-refused'
  | 'organization-refused'
  | 'role-refused'
  | 'login-refused'
  | 'session-missing'
  | 'request-malformed'
  | 'body-malformed'
  | 'route-unknown'
  | 'method-refused'
  | 'content-type-refused'
  | 'content-encoding-refused'
  | 'body-too-large'
  | 'headers-too-large'
  | 'rate-limited'
  | 'request-timeout'
  | 'application-archived'
  | 'not-available'
  | 'internal-error'

/**
 * Counts by name. Each is a whole number from 0.
 */
export interface Counts {
  [k: string]: number
}
/**
 * One weakness that the engine saw in the application.
 */
export interface FindingReport {
  id: Id
  type: 'finding'
  at?: Moment
  /**
   * The rule's documented name, such as `cookie-flags-missing`.
   */
  rule: string
  severity?: Severity
  title?: string
  url?: string
  /**
   * What was seen: text, or named parts.
   */
  evidence?:
    | string
    | {
        [k: string]: unknown
      }
  request?: HttpRequest
  /**
   * The stack at that moment: text, or a line a frame.
   */
  stack?: string | string[]
  /**
   * Equal for two sightings of one weakness.
   */
  hash?: string
}
/**
 * One library that is installed in the application.
 */
export interface LibraryReport {
  id: Id
  type: 'library'
  at?: Moment
  name?: string
  version?: string
  language?: string
  /**
   * SPDX expression, as the library states it.
   */
  license?: string
  /**
   * Integrity of what was installed, such as `sha512-…`.
   */
  hash?: string
  /**
   * Named by the application itself, or brought by another library.
   */
  dependency?: 'direct' | 'transitive'
  /**
   * Where it is installed, relative to the application.
   */
  file?: string
}
/**
 * One route of the application: known to exist, or called so many times in a period.
 */
export interface RouteReport {
  id: Id
  type: 'route'
  at?: Moment
  state?: 'discovered' | 'observed'
  method?: string
  /**
   * The route's pattern, such as `/orders/:id`.
   */
  pattern?: string
  framework?: string
  /**
   * The status the application answered.
   */
  status?: number
  /**
   * Requests in the period.
   */
  count?: number
  /**
   * A moment: ISO 8601 text with a date and a time, or milliseconds since 1970 (negative before).
   */
  since?: string | number
  /**
   * A moment: ISO 8601 text with a date and a time, or milliseconds since 1970 (negative before).
   */
  until?: string | number
}
/**
 * One attack on the application, and what became of it.
 */
export interface AttackReport {
  id: Id
  type: 'attack'
  at?: Moment
  rule?: string
  severity?: Severity
  title?: string
  url?: string
  /**
   * The attacker's address.
   */
  source?: string
  outcome?: 'exploited' | 'blocked' | 'probed' | 'ineffective'
  evidence?:
    | string
    | {
        [k: string]: unknown
      }
  request?: HttpRequest
  count?: number
}
/**
 * What the application did in a period, as counts.
 */
export interface ActivityReport {
  id: Id
  type: 'activity'
  at?: Moment
  since?: Moment
  until?: Moment
  counts?: Counts
}
/**
 * One technology the application is built with.
 */
export interface ComponentReport {
  id: Id
  type: 'component'
  at?: Moment
  name?: string
  version?: string
  /**
   * Such as `framework`, `database` or `runtime`.
   */
  kind?: string
}
/**
 * The machine that an application runs on. One entry a name, path and type.
 */
export interface Server {
  name?: string
  path?: string
  type?: string
  /**
   * `DEVELOPMENT`, `QA` or `PRODUCTION`, in any case; counts only when the server is new.
   */
  environment?: string
  /**
   * @maxItems 256
   */
  tags?: string[]
}
/**
 * Values by name.
 */
export interface Metadata {
  [k: string]: string
}
/**
 * Makes the application known, with the server it runs on.
 */
export interface CreateApplicationRequest {
  name: string
  language: string
  path?: string
  version?: string
  code?: string
  group?: string
  /**
   * @maxItems 256
   */
  tags?: string[]
  metadata?: Metadata
  server?: Server
}
export interface CreateApplicationAnswer {
  success: true
  messages: Messages
  application: {
    app_id: string
    name: string
  }
}
/**
 * Opens a session: one run whose findings belong together.
 */
export interface CreateSessionRequest {
  /**
   * The application's name.
   */
  application: string
  metadata?: Metadata
}
export interface CreateSessionAnswer {
  success: true
  messages: Messages
  session_id: string
  settings: Settings
}
/**
 * What TeamServer sets for an engine; what the engine's own configuration says wins.
 */
export interface Settings {
  /**
   * Between two reports of observed routes.
   */
  activityPeriodMs?: number
  /**
   * Between two heartbeats.
   */
  heartbeatPeriodMs?: number
  [k: string]: unknown
}
/**
 * Asks which findings are wanted, by their hashes, before they are sent.
 */
export interface PreflightRequest {
  /**
   * @maxItems 1000
   */
  hashes: string[]
}
export interface PreflightAnswer {
  success: true
  messages: Messages
  /**
   * Those of the hashes that are not known yet.
   */
  wanted: string[]
}
/**
 * Up to 1 000 reports. Each is judged by itself: one that is malformed costs only itself.
 */
export interface ReportBatchRequest {
  batch?: Id
  /**
   * As a session call answered it. An unknown one is kept as text.
   */
  session?: string
  /**
   * The application's name; else that of the session, else that of the agent key.
   */
  application?: string
  /**
   * @maxItems 1000
   */
  reports: {
    [k: string]: unknown
  }[]
}
export interface ReportBatchAnswer {
  success: true
  messages: Messages
  /**
   * The batch's name, as it was sent; null when none was.
   */
  batch: string | null
  /**
   * Reports that were new.
   */
  added: number
  /**
   * Reports whose id was already stored.
   */
  known: number
  /**
   * Reports that will never be taken as they are.
   */
  rejected: {
    /**
     * Place in the batch, from 0.
     */
    index: number
    /**
     * Null when the id itself is malformed.
     */
    id: string | null
    reason: string
  }[]
}
/**
 * A sign of life.
 */
export interface HeartbeatRequest {
  session?: string
  counters: Counts
}
export interface HeartbeatAnswer {
  success: true
  messages: Messages
  settings: Settings
}
/**
 * Every answer that is not a success.
 */
export interface Refusal {
  success: false
  messages: Messages
  reason: RefusalReason
}
