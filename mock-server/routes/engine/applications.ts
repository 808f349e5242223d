import type { CreateApplicationRequest } from '../../../sdk/wire/messages.ts'
import type { ApplicationRecord, ServerRecord } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'

/** Applications remembered of one server, the newest. */
const APPLICATIONS_PER_SERVER = 1_000

/** What an application is when nobody has described it yet. */
export function newApplication(name: string, id: string, now: Date): ApplicationRecord {
  return {
    id,
    name,
    language: 'Node',
    tags: [],
    metadata: {},
    isArchived: false,
    createdAt: now,
    lastSeenAt: now,
  }
}

/** Notes a sign of life, and makes the application known if nobody has. */
export function seeApplication(
  store: Store,
  organizationId: string,
  name: string,
  uuid: () => string,
  now: Date,
): Promise<ApplicationRecord> {
  return store.changeApplication(organizationId, name, (before) => {
    if (before === undefined) return newApplication(name, uuid(), now)
    // Seen in this very millisecond: nothing changes.
    if (before.lastSeenAt.getTime() === now.getTime()) return before
    return { ...before, lastSeenAt: now }
  })
}

/** The application as an engine describes it; an archived one is left as it is. */
export function describeApplication(
  before: ApplicationRecord | undefined,
  message: CreateApplicationRequest,
  id: string,
  now: Date,
): ApplicationRecord {
  if (before?.isArchived === true) return before
  const { name, language, path, version, code, group, tags, metadata } = message
  return {
    ...(before ?? newApplication(name, id, now)),
    language,
    ...(path === undefined ? {} : { path }),
    ...(version === undefined ? {} : { version }),
    ...(code === undefined ? {} : { code }),
    ...(group === undefined ? {} : { group }),
    ...(tags === undefined ? {} : { tags }),
    ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
    lastSeenAt: now,
  }
}

/** The server that an application runs on. Its environment counts only when it is new, as documented. */
export function describeServer(
  before: ServerRecord | undefined,
  server: NonNullable<CreateApplicationRequest['server']>,
  applicationId: string,
  nextId: number,
  now: Date,
): ServerRecord {
  const base: ServerRecord = before ?? {
    id: nextId,
    ...serverIdentity(server),
    environment: environmentOf(server.environment),
    tags: server.tags ?? [],
    applicationIds: new Set(),
    createdAt: now,
    lastSeenAt: now,
  }
  return {
    ...base,
    applicationIds: withApplication(base.applicationIds, applicationId),
    lastSeenAt: now,
  }
}

function withApplication(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return ids.has(id) ? ids : new Set([...ids, id].slice(-APPLICATIONS_PER_SERVER))
}

/** What tells one server from another: name, path and type together, as documented. */
export function serverIdentity({
  name = 'unnamed',
  path = '/',
  type = 'node.js',
}: NonNullable<CreateApplicationRequest['server']>) {
  return { name, path, type }
}

function environmentOf(environment: string | undefined): ServerRecord['environment'] {
  const name = environment?.toUpperCase()
  return name === 'QA' || name === 'PRODUCTION' ? name : 'DEVELOPMENT'
}
