import type { ApplicationRecord, ServerRecord } from '../store/records.ts'

/** Without a sign of life for so long, an application is offline, as documented. */
const APPLICATION_OFFLINE_AFTER_MS = 15 * 60_000

/** And a server. */
const SERVER_OFFLINE_AFTER_MS = 50 * 60_000

export function isApplicationOnline(
  { lastSeenAt }: Pick<ApplicationRecord, 'lastSeenAt'>,
  now: Date,
): boolean {
  return now.getTime() - lastSeenAt.getTime() < APPLICATION_OFFLINE_AFTER_MS
}

/**
 * When a server was last seen. Engines name it once, when they start: from then on a sign of life of
 * an application is one of every server that it runs on.
 *
 * @param applications At least those that run on it.
 */
export function serverSeenAt(
  server: Pick<ServerRecord, 'lastSeenAt' | 'applicationIds'>,
  applications: readonly Pick<ApplicationRecord, 'id' | 'lastSeenAt'>[],
): Date {
  let latest = server.lastSeenAt
  for (const { id, lastSeenAt } of applications) {
    if (lastSeenAt > latest && server.applicationIds.has(id)) latest = lastSeenAt
  }
  return latest
}

export function isServerOnline(
  server: Pick<ServerRecord, 'lastSeenAt' | 'applicationIds'>,
  applications: readonly Pick<ApplicationRecord, 'id' | 'lastSeenAt'>[],
  now: Date,
): boolean {
  return now.getTime() - serverSeenAt(server, applications).getTime() < SERVER_OFFLINE_AFTER_MS
}
