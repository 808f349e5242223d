import { json, refusal } from '../core/answer.ts'
import type { Answer } from '../core/exchange.ts'
import type { OrganizationRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'

const LARGEST_LIMIT = 100_000

/** What a listing may be narrowed to. */
interface Filters {
  /** The id or the name of one organization. */
  readonly organization: string | undefined
  readonly since: number | undefined
  /** The newest so many. */
  readonly limit: number
}

/** `GET /reports?organization=&type=&since=&limit=`: reports as stored, oldest first. */
export function listReports(store: Store, query: URLSearchParams): Promise<Answer> {
  return filtered(query, async (filters) => {
    const type = query.get('type') || undefined
    const lists = await Promise.all(
      (await organizations(store, filters)).map(({ id }) => store.reports(id)),
    )
    const reports = lists
      .flat()
      .filter(({ report }) => type === undefined || report.type === type)
      .filter(({ receivedAt }) => isSince(receivedAt, filters))
      .sort((one, other) => one.receivedAt.getTime() - other.receivedAt.getTime())
    return { reports: reports.slice(-filters.limit) }
  })
}

/** `GET /refusals?organization=&reason=&since=&limit=`: refused requests, oldest first. */
export function listRefusals(store: Store, query: URLSearchParams): Promise<Answer> {
  return filtered(query, async (filters) => {
    const reason = query.get('reason') || undefined
    const found = await organizations(store, filters)
    // Requests of which no organization can be told belong to none that is asked for by name.
    const ids = [...found.map(({ id }) => id), ...(filters.organization ? [] : [undefined])]
    const lists = await Promise.all(
      ids.map(async (id) =>
        (await store.auditEntries(id)).map((entry) => ({ organizationId: id ?? null, ...entry })),
      ),
    )
    const refusals = lists
      .flat()
      .filter(({ kind }) => kind === 'refusal')
      .filter((entry) => reason === undefined || entry.reason === reason)
      .filter(({ at }) => isSince(at, filters))
      .sort((one, other) => one.at.getTime() - other.at.getTime())
      .map(({ kind: _kind, ...entry }) => entry)
    return { refusals: refusals.slice(-filters.limit) }
  })
}

async function filtered(
  query: URLSearchParams,
  list: (filters: Filters) => Promise<object>,
): Promise<Answer> {
  const limit = query.get('limit') || String(LARGEST_LIMIT)
  const since = query.get('since') || undefined
  if (!/^\d{1,6}$/.test(limit) || Number(limit) < 1 || Number(limit) > LARGEST_LIMIT) {
    const where = `limit must be a whole number from 1 to ${LARGEST_LIMIT}`
    return refusal('request-malformed', { where })
  }
  const sinceMs = since === undefined ? undefined : moment(since)
  if (Number.isNaN(sinceMs)) {
    return refusal('request-malformed', { where: 'since must be ISO 8601 or milliseconds' })
  }
  const organization = query.get('organization') || undefined
  return json(200, await list({ organization, since: sinceMs, limit: Number(limit) }))
}

function moment(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text)
}

function isSince(at: Date, { since }: Filters): boolean {
  return since === undefined || at.getTime() >= since
}

async function organizations(
  store: Store,
  { organization }: Filters,
): Promise<readonly OrganizationRecord[]> {
  const all = await store.organizations()
  if (organization === undefined) return all
  return all.filter(({ id, name }) => id === organization.toLowerCase() || name === organization)
}
