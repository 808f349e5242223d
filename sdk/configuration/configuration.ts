import type { Credentials } from '../credentials/credentials.ts'
import type { LogLevel } from '../logger.ts'
import type { Durability } from './delivery-settings.ts'
import type { ServerEnvironment } from './identity-settings.ts'
import type { NetworkConfiguration } from './network.ts'
import type { SettingName } from './settings.ts'
import type { Notice, Origin } from './source.ts'

/** Everything that one engine goes by, checked and filled in. */
export interface Configuration extends NetworkConfiguration {
  /** `<scheme>://<host>[:port][/prefix]/Contrast/api` */
  readonly url: string
  readonly credentials: Credentials
  readonly application: ApplicationIdentity
  readonly server: ServerIdentity
  readonly session: SessionIdentity
  readonly queueLimitReports: number
  readonly batchLimitReports: number
  readonly batchLimitBytes: number
  readonly flushIntervalMs: number
  readonly requestTimeoutMs: number
  readonly closeTimeoutMs: number
  /**
   * Where undelivered reports are kept on disk; `false` for nowhere. By default it holds a folder for each
   * TeamServer and agent user name; one that was given is used as it is.
   */
  readonly spoolDirectory: string | false
  readonly spoolLimitBytes: number
  readonly durability: Durability
  readonly signals: boolean
  readonly heartbeatPeriodMs: number
  readonly activityPeriodMs: number
  readonly logLevel: LogLevel
  readonly isLibrariesEnabled: boolean
  readonly isRoutesEnabled: boolean
  readonly origins: Origins
  /** What to tell people of once, when this configuration begins to count. */
  readonly notices: readonly Notice[]
}

/** Where each setting came from; an absent one has the origin `default`. */
export type Origins = Readonly<Record<SettingName, Origin>>

export interface ApplicationIdentity {
  readonly name: string
  readonly path: string
  readonly version?: string
  readonly code?: string
  readonly group?: string
  readonly tags: readonly string[]
  readonly metadata: Readonly<Record<string, string>>
  /** The folder of the application's package.json, else the working directory. */
  readonly root: string
}

/** TeamServer keeps one entry per name, path and type. */
export interface ServerIdentity {
  readonly name: string
  readonly path: string
  readonly type: string
  readonly environment: ServerEnvironment
  readonly tags: readonly string[]
}

/** At most one of the two. */
export interface SessionIdentity {
  readonly id?: string
  readonly metadata?: Readonly<Record<string, string>>
}
