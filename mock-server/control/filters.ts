import type { OrganizationRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { momentIn, wholeNumberIn } from './query.ts'

/** What every listing may be narrowed to. */
export interface Filters {
  /** The id or the name of one organization. */
  readonly organization: string | undefined
  readonly since: number | undefined
  /** The newest so many. */
  readonly limit: number
}

export const FILTER_NAMES = ['organization', 'since', 'limit'] as const

const LARGEST_LIMIT = 100_000

/** @throws `ERR_OPTION_INVALID` */
export function readFilters(query: URLSearchParams): Filters {
  return {
    organization: query.get('organization') ?? undefined,
    since: momentIn(query, 'since'),
    limit: wholeNumberIn(query, 'limit', [1, LARGEST_LIMIT]) ?? LARGEST_LIMIT,
  }
}

export function isSince(at: Date, { since }: Filters): boolean {
  return since === undefined || at.getTime() >= since
}

/** Every organization, or those that have the id or the name. */
export async function organizationsIn(
  store: Store,
  { organization }: Filters,
): Promise<readonly OrganizationRecord[]> {
  const all = await store.organizations()
  if (organization === undefined) return all
  return all.filter(({ id, name }) => id === organization.toLowerCase() || name === organization)
}
