import type { FindingReport } from '../../sdk/wire/messages.ts'
import { newUuid, unpackedText } from '../flat-text.ts'
import { withSession } from '../inventory/application-route.ts'
import { momentMs } from '../inventory/moment.ts'
import { seenAgain } from '../inventory/triage.ts'
import { type Triage, UNTOUCHED, type VulnerabilityRecord } from '../inventory/vulnerability.ts'
import {
  compareVulnerabilities,
  matchesVulnerability,
  type VulnerabilityField,
  type VulnerabilityFilter,
} from '../inventory/vulnerability-filter.ts'
import { type Identity, identityKind } from '../inventory/vulnerability-identity.ts'
import { firstOf } from './first-of.ts'
import { createFoundLists } from './found-lists.ts'
import type {
  VulnerabilityPage,
  VulnerabilitySearch,
  VulnerabilityTally,
} from './inventory-store.ts'
import {
  identityIn,
  idOf,
  type KeptVulnerability,
  kept,
  outdate,
  recordOf,
  type Surroundings,
} from './kept-vulnerability.ts'
import type { ReportSource, TextHeir } from './memory-reports.ts'
import { createRecencyList } from './recency-list.ts'
import type { StoredReport } from './records.ts'
import type { Retention } from './retention.ts'
import { searchFor } from './search-text.ts'
import { tallied } from './tallied.ts'

/** The vulnerabilities of one organization in memory. */
export interface MemoryVulnerabilities {
  /**
   * Takes one finding. This is on the way of every report: it keeps what it was given and no more;
   * records are made when somebody looks.
   *
   * @param text That of the report, or where it is kept.
   * @param version Of the application.
   * @returns What needs the text for longer than it is kept there.
   */
  absorb(
    stored: StoredReport,
    report: FindingReport,
    text: string | ReportSource,
    version: string | undefined,
  ): TextHeir | undefined
  search(search: VulnerabilitySearch): VulnerabilityPage
  find(uuid: string): VulnerabilityRecord | undefined
  tally(
    filter: VulnerabilityFilter,
    by: readonly VulnerabilityField[],
  ): readonly VulnerabilityTally[]
  changeTriage(uuid: string, change: (before: Triage) => Triage): VulnerabilityRecord | undefined
  remove(uuids: readonly string[]): number
  clearApplication(application: string): void
  /** In the order of arrival. */
  all(): readonly VulnerabilityRecord[]
  readonly nextSerial: number
}

/** The vulnerabilities of one application, by what makes them one. */
type Home = Readonly<Record<Identity, Map<string, KeptVulnerability>>>

const NONE: readonly string[] = []

/** Holes in a list that are worth closing: more than so many, and one in eight. */
const HOLES = 1_024

export function createMemoryVulnerabilities(
  organizationId: string,
  retention: Pick<Retention, 'vulnerabilities' | 'reportCharacters'>,
  readReport: (source: ReportSource) => string,
  first: { readonly vulnerabilities: readonly VulnerabilityRecord[]; readonly nextSerial: number },
): MemoryVulnerabilities {
  const homes = new Map<string, Home>()
  const byRecency = createRecencyList<KeptVulnerability>()
  let count = 0
  let characters = 0
  let nextSerial = first.nextSerial
  /** By serial, with holes. */
  let arrived: KeptVulnerability[] = []
  let goneCount = 0
  /** By id, as far as somebody looked: those before `indexed`. */
  const byUuid = new Map<string, KeptVulnerability>()
  let indexed = 0
  const foundLists = createFoundLists<KeptVulnerability>()
  let changes = 0
  const around: Surroundings = {
    organizationId,
    read: ({ text }) => (typeof text === 'string' ? unpackedText(text) : readReport(text)),
  }
  const look = (each: KeptVulnerability) => recordOf(each, around)

  function add(each: KeptVulnerability): void {
    const home = homes.get(each.application) ?? { hash: new Map(), place: new Map() }
    homes.set(each.application, home)
    home[each.kind].set(each.identity, each)
    arrived.push(each)
    byRecency.append(each)
    count++
    characters += each.characters
    while (
      byRecency.oldest !== undefined &&
      (count > retention.vulnerabilities || (count > 1 && characters > retention.reportCharacters))
    ) {
      remove(byRecency.oldest)
    }
  }

  function remove(each: KeptVulnerability): void {
    const home = homes.get(each.application)
    home?.[each.kind].delete(each.identity)
    if (home?.hash.size === 0 && home.place.size === 0) homes.delete(each.application)
    byRecency.remove(each)
    if (each.looked !== undefined) byUuid.delete(each.looked.uuid)
    count--
    characters -= each.characters
    each.isGone = true
    goneCount++
    changes++
    if (goneCount > HOLES && goneCount * 8 > arrived.length) closeUp()
  }

  function closeUp(): void {
    indexed -= arrived.slice(0, indexed).filter(({ isGone }) => isGone).length
    arrived = arrived.filter(({ isGone }) => !isGone)
    goneCount = 0
  }

  /** Everything by serial, without holes. */
  function settled(): readonly KeptVulnerability[] {
    if (goneCount > 0) closeUp()
    return arrived
  }

  function find(uuid: string): KeptVulnerability | undefined {
    const all = settled()
    for (; indexed < all.length; indexed++) {
      const each = all[indexed] as KeptVulnerability
      byUuid.set(idOf(each, organizationId), each)
    }
    return byUuid.get(uuid)
  }

  /** Everything that a filter finds, by serial. */
  function matching(filter: VulnerabilityFilter): readonly KeptVulnerability[] {
    if (Object.keys(filter).length === 0) return settled()
    return settled().filter(
      matchesVulnerability(filter, look, (wanted) => searchFor(wanted, around)),
    )
  }

  function see(
    each: KeptVulnerability,
    ms: number,
    session: string | undefined,
    version: string | undefined,
  ): void {
    each.count++
    if (ms > each.lastSeenMs) each.lastSeenMs = ms
    if (ms < each.firstSeenMs) each.firstSeenMs = ms
    each.sessions = withSession(each.sessions, session)
    each.versions = withSession(each.versions, version)
    if (each.triage !== UNTOUCHED) each.triage = seenAgain(each.triage, new Date(ms), newUuid)
    outdate(each)
    byRecency.refresh(each)
  }

  for (const record of first.vulnerabilities) add(restored(record))

  return {
    absorb({ application, session, receivedAt }, report, text, version) {
      changes++
      const ms = momentMs(report.at, receivedAt)
      const kind = identityKind(report)
      const known = homes.get(application)?.[kind].get(identityIn(report, kind))
      if (known !== undefined) {
        see(known, ms, session, version)
        return undefined
      }
      const given = {
        application,
        serial: nextSerial++,
        discoveredMs: receivedAt.getTime(),
        firstSeenMs: ms,
        lastSeenMs: ms,
        count: 1,
        sessions: session === undefined ? NONE : [session],
        versions: version === undefined ? NONE : [version],
        triage: UNTOUCHED,
      }
      const added = kept(given, report, text)
      add(added)
      return added
    },
    search(search) {
      const { filter = {}, order = 'arrival', isDescending = false, offset = 0 } = search
      const { limit = Number.POSITIVE_INFINITY } = search
      const found = foundLists.get(filter, changes, () => matching(filter))
      const isSorted = order === 'arrival' && !isDescending
      const end = offset + limit
      const compare = compareVulnerabilities(order, isDescending, look)
      const inOrder = isSorted
        ? found.items
        : found.sorted(`${order} ${isDescending}`, (items) => firstOf(items, end, compare), end)
      return {
        total: found.items.length,
        vulnerabilities: inOrder.slice(offset, end).map(look),
      }
    },
    find(uuid) {
      const found = find(uuid)
      return found === undefined ? undefined : look(found)
    },
    tally(filter, by) {
      const found = foundLists.get(filter, changes, () => matching(filter))
      return found.counted(by.join(), (items) => tallied(items, by, look))
    },
    changeTriage(uuid, change) {
      const found = find(uuid)
      if (found === undefined) return undefined
      found.triage = change(found.triage)
      found.severity = found.triage.severity ?? found.defaultSeverity
      outdate(found)
      changes++
      return look(found)
    },
    remove(uuids) {
      const found = new Set(uuids.flatMap((uuid) => find(uuid) ?? []))
      for (const each of found) remove(each)
      return found.size
    },
    clearApplication(application) {
      const { hash, place } = homes.get(application) ?? { hash: [], place: [] }
      for (const [, each] of [...hash, ...place]) remove(each)
    },
    all: () => settled().map(look),
    get nextSerial() {
      return nextSerial
    },
  }
}

/** A record as it was taken from another store, or from this one earlier. */
function restored(record: VulnerabilityRecord): KeptVulnerability {
  const { application, serial, discoveredAt, count, sessions, versions, triage } = record
  const given = {
    application,
    serial,
    discoveredMs: discoveredAt.getTime(),
    firstSeenMs: record.firstSeenAt.getTime(),
    lastSeenMs: record.lastSeenAt.getTime(),
    count,
    sessions,
    versions,
    triage,
  }
  return kept(given, JSON.parse(record.finding) as FindingReport, record.finding)
}
