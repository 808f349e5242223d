import type { Report } from '../../sdk/wire/messages.ts'
import type { JobOutcomePolicy } from '../inventory/job-outcome-policy.ts'
import type { RuleSetting } from '../inventory/rule-setting.ts'
import type { KeyPolicy } from '../keys/key-policy.ts'
import type { KeySlot } from '../keys/key-slot.ts'
import type { KeptPassword } from '../passwords/kept-password.ts'
import type { PasswordPolicy } from '../passwords/password-policy.ts'

/** What a person may do in an organization, least first; an auditor stands beside the order. */
export type OrganizationRole = 'view' | 'edit' | 'rules_admin' | 'admin' | 'auditor'

/** What a person may do in every organization. */
export type SystemRole = 'superadmin' | 'observer'

export interface OrganizationRecord {
  /** A UUID in lower case. */
  readonly id: string
  readonly name: string
  readonly createdAt: Date
  /** Layer two: whether requests must carry the organization API key. */
  readonly isApiKeyEnabled: boolean
  readonly apiKey: KeySlot
  /** Where requests may come from. */
  readonly addressRanges: AddressRestriction
  /** A locked organization refuses everyone's credentials. */
  readonly isLocked: boolean
  /** Rules that somebody switched; the others are on. */
  readonly ruleSettings?: readonly RuleSetting[]
  /** What builds come to. */
  readonly jobOutcomePolicies?: readonly JobOutcomePolicy[]
  readonly integrations?: Integrations
}

/** What people set up beside an organization's applications. Nothing of it acts by itself. */
export interface Integrations {
  readonly webhooks: readonly WebhookRecord[]
  readonly securityControls: readonly SecurityControlRecord[]
  /** One number for all of it. */
  readonly nextId: number
}

/** Where somebody wants to hear of what happens. */
export interface WebhookRecord {
  readonly id: number
  readonly name: string
  readonly url: string
  readonly payload: string
  readonly product: string
  readonly type: string
  readonly isHtml: boolean
  /** Undefined where all are meant. */
  readonly applicationIds?: readonly string[]
}

/** A method that is trusted to make input harmless, or to look at it. */
export interface SecurityControlRecord {
  readonly id: number
  readonly kind: 'SANITIZER' | 'VALIDATOR'
  readonly name: string
  readonly api: string
  readonly language: string
  readonly pattern: string
  readonly isEnabled: boolean
  /** Undefined where all are meant. */
  readonly rules?: readonly string[]
  readonly applicationIds?: readonly string[]
}

/** Addresses that are let in; an empty list restricts nothing. */
export interface AddressRestriction {
  /** Each an address or a range in CIDR notation. */
  readonly ranges: readonly string[]
  /** Whether engines are held to it as well; people always are. */
  readonly appliesToAgents: boolean
}

/** What system administrators set for the whole TeamServer. */
export interface SystemSettings {
  readonly keyPolicy: KeyPolicies
  readonly passwordPolicy: PasswordPolicy
}

/** The Key Management form: one set of rules for each kind of key. */
export interface KeyPolicies {
  readonly organizationApiKey: KeyPolicy
  /** For generated service keys, of agents and of people. */
  readonly applicationKey: KeyPolicy
  /** Whether a login from a refused address is answered like any other failed login. */
  readonly maskInvalidIpsOnLogin: boolean
}

/** A generated credential. It belongs to the organization and only reports. */
export interface AgentKeyRecord {
  readonly kind: 'agent'
  /** `agent_<uuid>@<organization name>`; unique in the TeamServer. */
  readonly userName: string
  readonly organizationId: string
  /** Unique in its organization; the first is `default`. */
  readonly name: string
  readonly serviceKey: KeySlot
  readonly createdAt: Date
  /** Kept after deletion, so that the audit log can say whose key it was. */
  readonly deletedAt?: Date
}

export interface PersonRecord {
  readonly kind: 'person'
  /** A UUID. */
  readonly id: string
  /** Unique in the TeamServer; people and agents share one space of names. */
  readonly userName: string
  /** Where calls without an organization in their path belong. */
  readonly defaultOrganizationId?: string
  readonly roles: ReadonlyMap<string, OrganizationRole>
  readonly systemRole?: SystemRole
  /** May call REST, may not sign in to the page. */
  readonly isApiOnly: boolean
  readonly serviceKey: KeySlot
  readonly password: KeptPassword
  readonly createdAt: Date
  /** A person that is not enabled can do nothing. */
  readonly isEnabled: boolean
  /** A locked person can do nothing until an administrator unlocks them. */
  readonly lock?: { readonly at: Date; readonly by: 'administrator' | 'policy' }
  /** Since the last login that succeeded. */
  readonly failedLogins: number
  readonly lastLoginAt?: Date
  readonly lastLoginAddress?: string
}

/** A person who is signed in. */
export interface LoginSessionRecord {
  /** Names the session: a keyed digest of its id, in hexadecimal. The id itself is kept nowhere. */
  readonly handle: string
  readonly userName: string
  readonly csrfDigest: Buffer
  readonly createdAt: Date
  readonly lastSeenAt: Date
}

/** Whoever can be named in `Authorization`. */
export type CallerRecord = AgentKeyRecord | PersonRecord

export interface ApplicationRecord {
  readonly id: string
  readonly name: string
  readonly language: string
  readonly path?: string
  readonly version?: string
  readonly code?: string
  readonly group?: string
  readonly tags: readonly string[]
  readonly metadata: Readonly<Record<string, string>>
  readonly isArchived: boolean
  /** What people see in place of the name. */
  readonly displayName?: string
  /** How much hangs on it, from 0 (unimportant) to 4 (critical). @default 2 */
  readonly importance?: Importance
  /** Without a license nothing is told of its vulnerabilities but that they are there. @default true */
  readonly isLicensed?: boolean
  /** When what was reported of it was last forgotten by hand. */
  readonly resetAt?: Date
  readonly createdAt: Date
  readonly lastSeenAt: Date
}

export type Importance = 0 | 1 | 2 | 3 | 4

/** One machine: an entry for each combination of name, path and type. */
export interface ServerRecord {
  readonly id: number
  readonly name: string
  readonly path: string
  readonly type: string
  readonly environment: 'DEVELOPMENT' | 'QA' | 'PRODUCTION'
  /** What people see in place of the name. */
  readonly displayName?: string
  readonly tags: readonly string[]
  readonly applicationIds: ReadonlySet<string>
  readonly createdAt: Date
  readonly lastSeenAt: Date
}

export interface SessionRecord {
  readonly id: string
  readonly application: string
  readonly agentUserName: string
  readonly metadata: Readonly<Record<string, string>>
  readonly createdAt: Date
  /** When somebody said that it was over. */
  readonly closedAt?: Date
}

/** A file that somebody had made, to be fetched later. */
export interface ExportRecord {
  /** A UUID. */
  readonly id: string
  readonly kind: 'ATTESTATION' | 'SARIF' | 'ROUTE_COVERAGE'
  readonly fileName: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** A report as it was taken. */
export interface StoredReport {
  readonly receivedAt: Date
  readonly organizationId: string
  /** The authenticated name, whatever the body said. */
  readonly agentUserName: string
  /** The application's name. */
  readonly application: string
  readonly session?: string
  readonly report: Report
}

/** One line of the audit log. Never a key, a password, a body or part of one. */
export interface AuditEntry {
  readonly at: Date
  /** Turned away, done by an administrator, or worth a remark though it was accepted. */
  readonly kind: 'refusal' | 'administration' | 'notice'
  /** The class on the wire for a refusal, else the name of the act. */
  readonly reason: string
  /** The true reason, or the act in a sentence. */
  readonly detail: string
  readonly method?: string
  readonly path?: string
  readonly remoteAddress?: string
  /** The user name that was claimed or that acted: escaped, at most 128 characters. */
  readonly claimedUserName?: string
}
