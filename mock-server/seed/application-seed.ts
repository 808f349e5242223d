import type { Severity } from '../../sdk/wire/messages.ts'
import type { LibraryWeakness } from '../inventory/library.ts'
import type { VulnerabilityStatus } from '../inventory/vulnerability.ts'

/** An application as it is to be, with what its engines are to have reported. Days count back from now. */
export interface ApplicationSeed {
  readonly name: string
  /** @default 'Node' */
  readonly language?: string
  readonly path?: string
  readonly version?: string
  /** The short name. */
  readonly code?: string
  readonly group?: string
  readonly tags?: readonly string[]
  readonly metadata?: Readonly<Record<string, string>>
  /** From 0, unimportant, to 4, critical. @default 2 */
  readonly importance?: number
  /** @default false */
  readonly isArchived?: boolean
  /** @default true */
  readonly isLicensed?: boolean
  /** @default the first day of what it has */
  readonly createdDaysAgo?: number
  /** Its last sign of life. @default 0 */
  readonly lastSeenDaysAgo?: number
  readonly servers?: readonly ServerSeed[]
  readonly libraries?: readonly LibrarySeed[]
  readonly routes?: readonly RouteSeed[]
  readonly components?: readonly ComponentSeed[]
  readonly vulnerabilities?: readonly VulnerabilitySeed[]
}

export interface ServerSeed {
  readonly name: string
  readonly path?: string
  readonly type?: string
  readonly environment?: 'DEVELOPMENT' | 'QA' | 'PRODUCTION'
  readonly tags?: readonly string[]
}

export interface LibrarySeed {
  readonly name: string
  readonly version: string
  /** @default that of the application */
  readonly language?: string
  readonly license?: string
  readonly dependency?: 'direct' | 'transitive'
  readonly classCount?: number
  readonly classesUsed?: number
  readonly latestVersion?: string
  readonly monthsOutdated?: number
  readonly tags?: readonly string[]
  readonly weaknesses?: readonly LibraryWeakness[]
}

export interface RouteSeed {
  readonly method?: string
  readonly pattern: string
  readonly framework?: string
  /** Requests it answered; 0 leaves it discovered and no more. @default 0 */
  readonly requests?: number
}

export interface ComponentSeed {
  readonly name: string
  readonly version?: string
  readonly kind?: string
}

export interface VulnerabilitySeed {
  readonly rule: string
  readonly severity?: Severity
  readonly title?: string
  readonly url?: string
  readonly hash?: string
  readonly evidence?: string
  /** The HTTP request that showed it. */
  readonly request?: string
  /** How often it was seen. @default 1 */
  readonly count?: number
  /** @default 0 */
  readonly firstSeenDaysAgo?: number
  /** @default that of the first sighting */
  readonly lastSeenDaysAgo?: number
  /** @default 'reported' */
  readonly status?: VulnerabilityStatus
  readonly substatus?: string
  /** When it got its status. @default that of the last sighting */
  readonly markedDaysAgo?: number
  readonly tags?: readonly string[]
  readonly notes?: readonly string[]
}
