import type { AuditPage, AuditSearch } from './audit-search.ts'
import type { StoreContents } from './contents.ts'
import type { InventoryStore } from './inventory-store.ts'
import type {
  AgentKeyRecord,
  ApplicationRecord,
  AuditEntry,
  CallerRecord,
  ExportRecord,
  LoginSessionRecord,
  OrganizationRecord,
  PersonRecord,
  ServerRecord,
  SessionRecord,
  StoredReport,
  SystemSettings,
} from './records.ts'

/** What became of a report: new, known by its id, or known with other content (the first stays). */
export type AddedReport = 'added' | 'known' | 'conflict'

/** A caller and the organizations that a decision about a request needs, in one look. */
export interface CallerLookup {
  readonly caller: CallerRecord | undefined
  /** The organization that the path names, if it exists. */
  readonly named: OrganizationRecord | undefined
  /** The caller's own: an agent's organization, a person's default one. */
  readonly own: OrganizationRecord | undefined
}

/**
 * Everything that a TeamServer remembers. Asynchronous, so that a database can stand behind it.
 *
 * Each `change…` takes a function from the record before to the record after and applies it in
 * one step: nobody sees or changes the record in between. Records are never changed in place, and
 * the function may run more than once. What administrators do comes with its audit entry: both are
 * kept or neither is.
 */
export interface Store extends InventoryStore {
  /**
   * Adds an organization with its callers, of which no two agent keys share a name, or nothing:
   * false when an id or user name is taken.
   */
  addOrganization(
    organization: OrganizationRecord,
    callers: readonly CallerRecord[],
    audit: AuditEntry,
  ): Promise<boolean>
  organization(id: string): Promise<OrganizationRecord | undefined>
  organizations(): Promise<readonly OrganizationRecord[]>
  changeOrganization(
    id: string,
    change: (before: OrganizationRecord) => OrganizationRecord,
    /** A function where the entry tells what is different from before. */
    audit: AuditEntry | ((before: OrganizationRecord) => AuditEntry),
  ): Promise<OrganizationRecord | undefined>

  systemSettings(): Promise<SystemSettings>
  changeSystemSettings(
    change: (before: SystemSettings) => SystemSettings,
    audit: AuditEntry,
  ): Promise<SystemSettings>

  /**
   * False when the user name is taken, also by a deleted agent key, or when the organization has an
   * agent key of this name.
   */
  addCaller(caller: CallerRecord, audit: AuditEntry): Promise<boolean>
  caller(userName: string): Promise<CallerRecord | undefined>
  /** @param organizationId As the path names it. */
  lookUp(userName: string, organizationId: string | undefined): Promise<CallerLookup>
  /** The agent key of this name; undefined when there is none, or it is deleted. */
  agentKey(organizationId: string, name: string): Promise<AgentKeyRecord | undefined>
  /** Agent keys and people of an organization, in the order they were added. */
  callers(organizationId: string): Promise<readonly CallerRecord[]>
  /** Everyone, in the order in which they were added. */
  people(): Promise<readonly PersonRecord[]>
  changeCaller<Caller extends CallerRecord>(
    caller: Caller,
    change: (before: Caller) => Caller,
    audit?: AuditEntry,
  ): Promise<Caller | undefined>

  addLoginSession(session: LoginSessionRecord): Promise<void>
  loginSession(handle: string): Promise<LoginSessionRecord | undefined>
  changeLoginSession(
    handle: string,
    change: (before: LoginSessionRecord) => LoginSessionRecord,
  ): Promise<LoginSessionRecord | undefined>
  /** Ends one session, or every session of a person. */
  endLoginSessions(
    which: { readonly handle: string } | { readonly userName: string },
  ): Promise<void>

  /** The application of this name as `change` makes it; `before` is undefined for a new one. */
  changeApplication(
    organizationId: string,
    name: string,
    change: (before: ApplicationRecord | undefined) => ApplicationRecord,
  ): Promise<ApplicationRecord>
  application(organizationId: string, name: string): Promise<ApplicationRecord | undefined>
  applicationById(organizationId: string, id: string): Promise<ApplicationRecord | undefined>
  applications(organizationId: string): Promise<readonly ApplicationRecord[]>

  /** The server of this name, path and type as `change` makes it. */
  changeServer(
    organizationId: string,
    identity: { readonly name: string; readonly path: string; readonly type: string },
    change: (before: ServerRecord | undefined, nextId: number) => ServerRecord,
  ): Promise<ServerRecord>
  servers(organizationId: string): Promise<readonly ServerRecord[]>

  addSession(organizationId: string, session: SessionRecord): Promise<void>
  session(organizationId: string, id: string): Promise<SessionRecord | undefined>
  sessions(organizationId: string): Promise<readonly SessionRecord[]>

  /** Keeps what is new, in order; past the retention the oldest goes. One answer a report. */
  addReports(
    organizationId: string,
    reports: readonly StoredReport[],
  ): Promise<readonly AddedReport[]>
  /** Oldest first. */
  reports(organizationId: string): Promise<readonly StoredReport[]>
  countReports(organizationId: string): Promise<number>
  /** Those of the hashes that a stored finding carries. */
  knownHashes(organizationId: string, hashes: readonly string[]): Promise<ReadonlySet<string>>

  /**
   * Keeps a file to be fetched, for this process alone: it is in no contents. Past 32 of them, or 16 MiB, the
   * oldest goes; the newest always stays.
   */
  addExport(organizationId: string, file: ExportRecord): Promise<void>
  export(organizationId: string, id: string): Promise<ExportRecord | undefined>

  /** @param organizationId Undefined where no organization can be told. */
  addAuditEntry(organizationId: string | undefined, entry: AuditEntry): Promise<void>
  /** Oldest first. */
  auditEntries(organizationId: string | undefined): Promise<readonly AuditEntry[]>
  /** A page of what was searched for, newest first, and how much there is on all pages. */
  searchAuditEntries(organizationId: string | undefined, search: AuditSearch): Promise<AuditPage>

  /**
   * Forgets the reports and what they came to, applications, servers, sessions of engines and refusals of an organization.
   * Keys, people, settings and the rest of the audit log stay.
   *
   * @param organizationId Undefined for the refusals of which no organization can be told.
   */
  clearActivity(organizationId: string | undefined): Promise<void>
  /** Everything, as it is at one moment. */
  contents(): Promise<StoreContents>
  /**
   * Puts these contents in the place of all that there is, in one step.
   *
   * @param latestMoment The latest that was seen when they were taken.
   */
  replaceContents(contents: StoreContents, latestMoment: Date): Promise<void>
}
