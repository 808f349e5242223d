import { type Importance, importanceOf } from '../../inventory/importance.ts'
import type {
  ApplicationRecord,
  OrganizationRecord,
  ServerRecord,
  SessionRecord,
} from '../../store/records.ts'
import type { Store } from '../../store/store.ts'

/** What stands around the vulnerabilities of an organization, read once for a request. */
export interface Surroundings {
  readonly organization: OrganizationRecord
  readonly applications: ReadonlyMap<string, ApplicationRecord>
  readonly servers: readonly ServerRecord[]
  readonly sessions: ReadonlyMap<string, SessionRecord>
}

export async function surroundingsOf({
  organization,
  store,
}: {
  readonly organization: OrganizationRecord
  readonly store: Store
}): Promise<Surroundings> {
  const { id } = organization
  const [applications, servers, sessions] = await Promise.all([
    store.applications(id),
    store.servers(id),
    store.sessions(id),
  ])
  return {
    organization,
    applications: new Map(applications.map((each) => [each.name, each])),
    servers,
    sessions: new Map(sessions.map((each) => [each.id, each])),
  }
}

/** The names of applications for which something holds. */
export function namesWhere(
  { applications }: Surroundings,
  holds: (application: ApplicationRecord) => boolean,
): ReadonlySet<string> {
  return new Set([...applications.values()].filter(holds).map(({ name }) => name))
}

/** The servers that an application runs on. */
export function serversOf(
  { servers }: Surroundings,
  application: ApplicationRecord | undefined,
): readonly ServerRecord[] {
  if (application === undefined) return []
  return servers.filter(({ applicationIds }) => applicationIds.has(application.id))
}

/** The names of the applications that run on one of these servers. */
export function namesOn(
  surroundings: Surroundings,
  servers: readonly ServerRecord[],
): ReadonlySet<string> {
  return namesWhere(surroundings, ({ id }) =>
    servers.some(({ applicationIds }) => applicationIds.has(id)),
  )
}

export function isOfImportance(
  application: ApplicationRecord,
  wanted: readonly Importance[],
): boolean {
  return wanted.includes(importanceOf(application))
}
