import type { Organization } from '../organization/organization.ts'
import type { Listener } from '../team-server/listeners.ts'
import type { TeamServer } from '../team-server/team-server.ts'

/** What is there once the command is ready. */
export interface Started {
  readonly teamServer: TeamServer
  readonly listener: Listener
  readonly organization: Organization
  readonly admin: ShownPerson
  readonly superadmin: ShownPerson
  /** What stays over restarts, if anything does. */
  readonly stateFile: string | undefined
  /** Where what clients are to trust was written to, if it was. */
  readonly caFile: string | undefined
}

/** A person as the start shows them. */
export interface ShownPerson {
  readonly userName: string
  readonly serviceKey: string
  /** Null where an earlier start has shown it: of passwords, digests alone are kept. */
  readonly password: string | null
}
