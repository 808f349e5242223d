import type { LoggedRequest } from '../request-log/logged-request.ts'
import type { StoredReport } from '../store/records.ts'
import type { ControlledServer } from './controlled.ts'
import { isSince, organizationsIn } from './filters.ts'
import {
  type ListedRefusal,
  type Listing,
  listingRoute,
  nameOfRefusal,
  refusedIn,
} from './listing.ts'
import type { ControlRoute } from './route.ts'

const LONGEST_SHOWN = 300

/** `GET /reports`, `/refusals` and `/requests`: what came, oldest first, and waiting for it. */
export function listingRoutes(server: ControlledServer): readonly ControlRoute[] {
  return [
    listingRoute(server, reports(server)),
    listingRoute(server, refusals(server)),
    listingRoute(server, requests(server)),
  ]
}

/** Reports as stored. */
function reports({ store, watchers }: ControlledServer): Listing<StoredReport> {
  return {
    path: '/reports',
    names: ['reports', 'report'],
    fields: ['type', 'rule', 'severity'],
    async list(filters) {
      const found = await organizationsIn(store, filters)
      const lists = await Promise.all(found.map(({ id }) => store.reports(id)))
      return lists
        .flat()
        .filter(({ receivedAt }) => isSince(receivedAt, filters))
        .sort((one, other) => one.receivedAt.getTime() - other.receivedAt.getTime())
    },
    read: ({ report }) => report,
    nameOf: ({ report }) => JSON.stringify(report).slice(0, LONGEST_SHOWN),
    changes: watchers,
  }
}

/** Requests that were turned away, with the true reason. */
function refusals({ store, watchers }: ControlledServer): Listing<ListedRefusal> {
  return {
    path: '/refusals',
    names: ['refusals', 'refusal'],
    fields: ['reason', 'detail'],
    list: (filters) => refusedIn(store, filters),
    read: (refusal) => refusal,
    nameOf: nameOfRefusal,
    changes: watchers,
  }
}

/** The newest requests with their answers, and those that are under way. */
function requests({ store, requestLog }: ControlledServer): Listing<LoggedRequest> {
  return {
    path: '/requests',
    names: ['requests', 'request'],
    fields: ['method', 'path', 'state'],
    async list(filters) {
      const within = requestLog.list().filter(({ receivedAt }) => isSince(receivedAt, filters))
      if (filters.organization === undefined) return within
      const ids = new Set((await organizationsIn(store, filters)).map(({ id }) => id))
      return within.filter(({ organizationId = '' }) => ids.has(organizationId))
    },
    read: (request) => request,
    nameOf: ({ method, path, answer }) => `${method} ${path}: ${answer?.status ?? 'under way'}`,
    changes: requestLog,
  }
}
