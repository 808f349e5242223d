import type { Organization, PersonCredentials } from '../organization.ts'
import type { Listener } from '../team-server.ts'

/** What is there once the command is ready. */
export interface Started {
  readonly listener: Listener
  readonly organization: Organization
  readonly admin: PersonCredentials
  readonly superadmin: PersonCredentials
}
