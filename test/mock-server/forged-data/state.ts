import type { AuditEntry } from '../../../mock-server/index.ts'
import type { Fixture } from './fixture.ts'

/**
 * A copy of what both organizations hold: reports and what they came to, applications, servers, sessions, keys,
 * settings.
 */
export async function stateOf({ teamServer: { store }, a, b, superadmin }: Fixture) {
  const inside = async (id: string) => ({
    settings: await store.organization(id),
    callers: await store.callers(id),
    reports: await store.reports(id),
    applications: await store.applications(id),
    servers: await store.servers(id),
    sessions: await store.sessions(id),
    vulnerabilities: (await store.searchVulnerabilities(id)).vulnerabilities,
    libraries: await store.libraries(id),
    routes: await store.routes(id),
    attacks: await store.attacks(id),
  })
  return structuredClone({
    a: await inside(a.id),
    b: await inside(b.id),
    superadmin: await store.caller(superadmin.userName),
  })
}

/** Every entry of the three audit logs: A's, B's and the TeamServer's own. */
export async function auditEntriesOf({ teamServer, a, b }: Fixture): Promise<AuditEntry[]> {
  return [...(await a.auditLog()), ...(await b.auditLog()), ...(await teamServer.auditLog())]
}
