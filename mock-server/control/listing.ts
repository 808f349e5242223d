import { json } from '../core/answer.ts'
import type { Answer } from '../core/exchange.ts'
import { firstDifference } from '../matching/difference.ts'
import type { AuditEntry } from '../store/records.ts'
import { refusalInWords, refusalsIn } from '../store/refused-request.ts'
import type { Store } from '../store/store.ts'
import { describeShortfall, shortfallOf } from '../waiting/shortfall.ts'
import { type Watchable, waitUntil } from '../waiting/wait-until.ts'
import type { ControlledServer } from './controlled.ts'
import { FILTER_NAMES, type Filters, organizationsIn, readFilters } from './filters.ts'
import type { ControlCall, ControlRoute } from './route.ts'
import { readWait, readWanted, WAIT_NAMES, type Wait } from './wanted.ts'

/** A kind of thing that is listed and waited for. */
export interface Listing<Thing> {
  readonly path: string
  /** The name of the list in the answer, and of one of it. */
  readonly names: readonly [many: string, one: string]
  /** Fields that have a parameter of their own. */
  readonly fields: readonly string[]
  /** Everything within the filters but the limit, oldest first. */
  list(filters: Filters): Promise<readonly Thing[]>
  /** What of a thing is compared with what is wanted. */
  read(thing: Thing): unknown
  /** In one line for people. */
  nameOf(thing: Thing): string
  /** What tells that there may be more. */
  readonly changes: Watchable<unknown>
}

/** What an answer shows of what came and was not wanted. */
const MOST_SHOWN = 100

/**
 * `GET` of a listing: what there is, or, with `count` or `timeoutMs`, as soon as there is enough of it;
 * else 408 with what there was.
 */
export function listingRoute<Thing>(
  { store, closing }: ControlledServer,
  listing: Listing<Thing>,
): ControlRoute {
  const [many, one] = listing.names

  async function answer({ query }: ControlCall): Promise<Answer> {
    const filters = readFilters(query)
    const wait = readWait(query)
    const wanted = readWanted(query, listing.fields)
    const asWanted = async () => {
      const all = await listing.list(filters)
      return all.filter((thing) => firstDifference(wanted, listing.read(thing)) === undefined)
    }
    const shown = (found: readonly Thing[]) => json(200, { [many]: found.slice(-filters.limit) })
    if (wait === undefined) return shown(await asWanted())
    const { count, timeoutMs } = wait
    const enough = await waitUntil(
      async () => {
        const found = await asWanted()
        return found.length >= count ? found : undefined
      },
      listing.changes,
      { concerns: () => true, timeoutMs, closing },
    )
    return enough === undefined ? tooFew(filters, wait, wanted, await asWanted()) : shown(enough)
  }

  async function tooFew(
    filters: Filters,
    { count, timeoutMs }: Wait,
    wanted: Readonly<Record<string, unknown>>,
    found: readonly Thing[],
  ): Promise<Answer> {
    const arrived = await listing.list(filters)
    const refused = await refusedIn(store, filters)
    // What is as wanted already says nothing of what is missing.
    const unwanted = arrived.filter(
      (each) => firstDifference(wanted, listing.read(each)) !== undefined,
    )
    const shortfall = shortfallOf(
      {
        what: one,
        wanted,
        timeoutMs,
        arrived: unwanted,
        refusals: refusalsIn(refused.map((entry) => ({ ...entry, kind: 'refusal' }))),
      },
      listing.read,
    )
    const counted = count === 1 ? '' : `${found.length} of ${count} came: `
    const words = describeShortfall({ ...shortfall, arrived }, listing.nameOf)
    const { nearest } = shortfall
    return json(408, {
      success: false,
      reason: 'wait-timeout',
      messages: [`${counted}${words}`],
      [many]: found.slice(-filters.limit),
      arrived: arrived.slice(-MOST_SHOWN),
      refused: refused.slice(-MOST_SHOWN),
      nearest:
        nearest === undefined
          ? null
          : {
              [one]: nearest.candidate,
              difference: { ...nearest.difference, given: nearest.difference.given ?? null },
            },
    })
  }

  return {
    method: 'GET',
    path: listing.path,
    query: [...FILTER_NAMES, ...listing.fields, ...WAIT_NAMES],
    answer,
  }
}

/** A refusal with the organization it belongs to, where one can be told. */
export type ListedRefusal = Omit<AuditEntry, 'kind'> & { readonly organizationId: string | null }

/** Refused requests within the filters, oldest first. */
export async function refusedIn(store: Store, filters: Filters): Promise<readonly ListedRefusal[]> {
  const found = await organizationsIn(store, filters)
  // Requests of which no organization can be told belong to none that is asked for by name.
  const ids = [...found.map(({ id }) => id), ...(filters.organization ? [] : [undefined])]
  const lists = await Promise.all(
    ids.map(async (id) =>
      (await store.auditEntries(id))
        .filter(({ kind }) => kind === 'refusal')
        .map(({ kind: _kind, ...entry }) => ({ organizationId: id ?? null, ...entry })),
    ),
  )
  return lists
    .flat()
    .filter(({ at }) => filters.since === undefined || at.getTime() >= filters.since)
    .sort((earlier, later) => earlier.at.getTime() - later.at.getTime())
}

export function nameOfRefusal({ method = '', path = '', reason, detail }: ListedRefusal): string {
  return refusalInWords({ method, path, reason, detail })
}
