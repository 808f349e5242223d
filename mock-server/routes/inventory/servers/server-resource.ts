import { isServerOnline, serverSeenAt } from '../../../inventory/presence.ts'
import type { ApplicationRecord, ServerRecord } from '../../../store/records.ts'
import { MOCK_VERSION } from '../../../version.ts'
import type { LinkMaker } from '../../listing/links.ts'
import { applicationBase } from '../application-base.ts'

/** What a resource of a server is made with. */
export interface ServerScene {
  readonly organizationId: string
  /** All of the organization. */
  readonly applications: readonly ApplicationRecord[]
  readonly now: Date
  readonly links: LinkMaker
  /** What is wanted beside what is always there. */
  readonly expand: ReadonlySet<string>
}

/** What people call a server. */
export function serverName({ displayName, name }: Pick<ServerRecord, 'displayName' | 'name'>) {
  return displayName ?? name
}

export function applicationsOn(
  { applicationIds }: ServerRecord,
  applications: readonly ApplicationRecord[],
): readonly ApplicationRecord[] {
  return applications.filter(({ id }) => applicationIds.has(id))
}

/** The documented `ServerResource`. */
export function serverResource(server: ServerRecord, scene: ServerScene) {
  const { organizationId, applications, now, links, expand } = scene
  const on = applicationsOn(server, applications)
  const path = `/ng/${organizationId}/servers/${server.id}`
  return {
    server_id: server.id,
    name: serverName(server),
    hostname: server.name,
    path: server.path,
    type: server.type,
    environment: server.environment,
    status: isServerOnline(server, applications, now) ? 'ONLINE' : 'OFFLINE',
    language: on[0]?.language ?? 'Node',
    // Engines do not tell their version: each counts as the one of this mock.
    agent_version: MOCK_VERSION,
    latest_agent_version: MOCK_VERSION,
    out_of_date: false,
    first_activity: server.createdAt.getTime(),
    last_activity: serverSeenAt(server, applications).getTime(),
    last_startup: server.lastSeenAt.getTime(),
    tags: server.tags,
    ...ASSESSED,
    ...(expand.has('num_apps') ? { num_apps: on.length } : {}),
    ...(expand.has('applications')
      ? { applications: on.map((each) => applicationBase(each, organizationId, links)) }
      : {}),
    ...(expand.has('assess_protect_status_locked')
      ? { is_assess_status_locked: false, is_protect_status_locked: false }
      : {}),
    ...(expand.has('server_license') ? { license: { licensed: false, start: 0, end: 0 } } : {}),
    ...links(
      ['self', path],
      ['applications', `/ng/${organizationId}/applications/filter?filterServers=${server.id}`],
      ['traces', `/ng/${organizationId}/servertraces/${server.id}/filter`],
      ['libraries', `${path}/libraries`],
    ),
  }
}

/** Engines here assess and do not defend, and nobody can switch either. */
const ASSESSED = {
  assess: true,
  assessPending: false,
  assess_sensors: true,
  defend: false,
  defendPending: false,
  defend_sensors: false,
  noPending: true,
}

/** The documented `ServerBaseResource`: a server as others mention it. */
export function serverBase(server: ServerRecord, organizationId: string, links: LinkMaker) {
  return {
    server_id: server.id,
    name: serverName(server),
    hostname: server.name,
    path: server.path,
    environment: server.environment,
    agent_version: MOCK_VERSION,
    enabled: true,
    ...links(['self', `/ng/${organizationId}/servers/${server.id}`]),
  }
}

/** The documented `ServerPropertiesResource`: engines tell none of it. */
export function serverProperties(server: ServerRecord, organizationId: string, links: LinkMaker) {
  return {
    server_id: server.id,
    app_server_version: server.type,
    cpu_architecture: '',
    custom: '',
    language_version: '',
    os_name: '',
    ...links(['self', `/ng/${organizationId}/servers/${server.id}/properties`]),
  }
}
