import type { Answer } from '../core/exchange.ts'

/** What became of the requests of one organization, and of the reports in them. */
export interface Ledger {
  /** Requests that arrived. answered + refusedForNow + refusedForGood + cutOff. */
  readonly requests: number
  /** Requests that were taken, and whose answer went out whole. */
  readonly answered: number
  /** Requests that may be taken later: 401, 403, 404, 408, 409, 425, 429, 439 and 5xx. */
  readonly refusedForNow: number
  /** Requests that are never to be taken as they are: every other 4xx. */
  readonly refusedForGood: number
  /** Requests that had no whole answer. */
  readonly cutOff: number
  /** Reports that were new. */
  readonly accepted: number
  /** Reports that were known by their id. */
  readonly known: number
  /** Reports that were refused by name in a batch that was taken. */
  readonly rejected: number
  /** Of the three, those whose answer was cut off: the engine cannot know of them. */
  readonly unacknowledged: {
    readonly accepted: number
    readonly known: number
    readonly rejected: number
  }
}

/** The reports of one request, by what became of them. */
export type CountedReports = Ledger['unacknowledged']

/** Keeps the books of every organization. */
export interface Ledgers {
  /** Begins a new page for an organization. Where there is none, nothing is kept. */
  open(organizationId: string): void
  /** @param isCutOff The answer does not arrive whole. */
  note(organizationId: string | undefined, answer: Answer, isCutOff: boolean): void
  /** A copy, as it is now. */
  of(organizationId: string): Ledger
  /** All pages. */
  kept(): readonly KeptLedger[]
  /** Puts what was kept in the place of all pages. Totals stay: they tell of this process. */
  replace(kept: readonly KeptLedger[]): void
  /** Of all organizations and of none, since the start. Never goes back. */
  readonly totals: Ledger
  /** The same by the class of the refusal. */
  readonly refusals: ReadonlyMap<string, number>
}

/** The page of one organization. */
export type KeptLedger = readonly [organizationId: string, page: Page]

type Page = { -readonly [Entry in keyof Omit<Ledger, 'requests' | 'unacknowledged'>]: number } & {
  unacknowledged: { -readonly [Entry in keyof CountedReports]: number }
}

const NOBODY = 'nobody'

export function createLedgers(): Ledgers {
  const pages = new Map<string, Page>()
  const totals = emptyPage()
  /** Of no organization: noted all the same, so that time does not tell whether there is one. */
  const nobodys = emptyPage()
  const refusals = new Map<string, number>()

  function noteOn(page: Page, answer: Answer, isCutOff: boolean): void {
    page[isCutOff ? 'cutOff' : outcomeOf(answer.status)]++
    if (answer.reports === undefined) return
    add(page, answer.reports)
    if (isCutOff) add(page.unacknowledged, answer.reports)
  }

  return {
    open: (organizationId) => void pages.set(organizationId, emptyPage()),
    note(organizationId, answer, isCutOff) {
      noteOn(totals, answer, isCutOff)
      const reason = answer.refusal?.reason
      if (reason !== undefined) refusals.set(reason, (refusals.get(reason) ?? 0) + 1)
      // A stranger may name any organization: what is not there has no page of its own.
      noteOn(pages.get(organizationId ?? NOBODY) ?? nobodys, answer, isCutOff)
    },
    of: (organizationId) => ledgerOf(pages.get(organizationId) ?? emptyPage()),
    kept: () => [...pages].map(([id, page]) => [id, copyOf(page)]),
    replace(kept) {
      pages.clear()
      for (const [id, page] of kept) pages.set(id, copyOf(page))
    },
    get totals() {
      return ledgerOf(totals)
    },
    refusals,
  }
}

function ledgerOf(page: Page): Ledger {
  const { answered, refusedForNow, refusedForGood, cutOff } = page
  return { requests: answered + refusedForNow + refusedForGood + cutOff, ...copyOf(page) }
}

function copyOf(page: Page): Page {
  return { ...page, unacknowledged: { ...page.unacknowledged } }
}

function emptyPage(): Page {
  const none = () => ({ accepted: 0, known: 0, rejected: 0 })
  return {
    answered: 0,
    refusedForNow: 0,
    refusedForGood: 0,
    cutOff: 0,
    ...none(),
    unacknowledged: none(),
  }
}

function add(
  counts: { accepted: number; known: number; rejected: number },
  more: CountedReports,
): void {
  counts.accepted += more.accepted
  counts.known += more.known
  counts.rejected += more.rejected
}

/** What is worth another try, with other keys or at another time. */
const FOR_NOW: ReadonlySet<number> = new Set([401, 403, 404, 407, 408, 409, 410, 425, 429, 439])

function outcomeOf(status: number): 'answered' | 'refusedForNow' | 'refusedForGood' {
  if (status >= 500 || FOR_NOW.has(status)) return 'refusedForNow'
  return status >= 400 ? 'refusedForGood' : 'answered'
}
