import type { FindingReport } from '../../sdk/wire/messages.ts'
import { newUuid } from '../flat-text.ts'
import { withSession } from '../inventory/application-route.ts'
import { momentMs } from '../inventory/moment.ts'
import { seenAgain } from '../inventory/triage.ts'
import { type Triage, UNTOUCHED, type VulnerabilityRecord } from '../inventory/vulnerability.ts'
import {
  compareVulnerabilities,
  matchesVulnerability,
  type VulnerabilityField,
  type VulnerabilityFilter,
  valuesOf,
} from '../inventory/vulnerability-filter.ts'
import {
  type Identity,
  identityKind,
  placeOf,
  uuidOf,
} from '../inventory/vulnerability-identity.ts'
import type {
  VulnerabilityPage,
  VulnerabilitySearch,
  VulnerabilityTally,
} from './inventory-store.ts'
import { type KeptVulnerability, recordOf } from './kept-vulnerability.ts'
import { createRecencyList } from './recency-list.ts'
import type { StoredReport } from './records.ts'
import type { Retention } from './retention.ts'

/** The vulnerabilities of one organization in memory. */
export interface MemoryVulnerabilities {
  /**
   * Takes one finding. This is on the way of every report: it keeps what it was given and no more;
   * records are made when somebody looks.
   *
   * @param json The report as text.
   * @param version Of the application.
   */
  absorb(
    stored: StoredReport,
    report: FindingReport,
    json: string,
    version: string | undefined,
  ): void
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
  first: { readonly vulnerabilities: readonly VulnerabilityRecord[]; readonly nextSerial: number },
): MemoryVulnerabilities {
  const homes = new Map<string, Home>()
  const byRecency = createRecencyList<KeptVulnerability>()
  let count = 0
  let characters = 0
  let nextSerial = first.nextSerial
  /** By serial. Those that came since somebody looked begin at `looked`. */
  let arrived: KeptVulnerability[] = []
  let looked = 0
  let goneCount = 0
  const byUuid = new Map<string, KeptVulnerability>()
  /** Sorted when they were last asked for; sorted again, which then costs little, after a change. */
  const orders = new Map<string, { readonly sorted: KeptVulnerability[]; readonly asOf: number }>()
  let changes = 0

  function add(kept: KeptVulnerability): void {
    const { application, kind, identity } = kept
    const home = homes.get(application) ?? { hash: new Map(), place: new Map() }
    homes.set(application, home)
    home[kind].set(identity, kept)
    arrived.push(kept)
    byRecency.append(kept)
    count++
    characters += kept.json.length
    while (
      byRecency.oldest !== undefined &&
      (count > retention.vulnerabilities || (count > 1 && characters > retention.reportCharacters))
    ) {
      remove(byRecency.oldest)
    }
  }

  function remove(kept: KeptVulnerability): void {
    const { application, kind, identity, uuid } = kept
    const home = homes.get(application)
    home?.[kind].delete(identity)
    if (home?.hash.size === 0 && home.place.size === 0) homes.delete(application)
    byRecency.remove(kept)
    if (uuid !== undefined) byUuid.delete(uuid)
    count--
    characters -= kept.json.length
    kept.isGone = true
    goneCount++
    changes++
    if (goneCount > HOLES && goneCount * 8 > arrived.length) closeUp()
  }

  function closeUp(): void {
    const isLooked = ({ uuid }: KeptVulnerability) => uuid !== undefined
    arrived = arrived.filter(({ isGone }) => !isGone)
    looked = arrived.findLastIndex(isLooked) + 1
    goneCount = 0
  }

  /** Everything by serial, each with its id. */
  function settled(): readonly KeptVulnerability[] {
    if (goneCount > 0) closeUp()
    for (; looked < arrived.length; looked++) {
      const kept = arrived[looked] as KeptVulnerability
      kept.uuid ??= uuidOf(organizationId, kept.application, kept.kind, kept.identity)
      byUuid.set(kept.uuid, kept)
    }
    return arrived
  }

  function ordered(search: VulnerabilitySearch): readonly KeptVulnerability[] {
    const { order = 'arrival', isDescending = false } = search
    const all = settled()
    if (order === 'arrival' && !isDescending) return all
    const name = `${order} ${isDescending}`
    const known = orders.get(name)
    if (known?.asOf === changes) return known.sorted
    // What is nearly sorted is sorted in one pass: what is new is put behind the old order.
    const before = known?.sorted.filter(({ isGone }) => !isGone) ?? []
    const last = before.reduce((latest, { serial }) => Math.max(latest, serial), 0)
    const sorted = [...before, ...all.slice(firstAfter(all, last))]
    const compare = compareVulnerabilities(order, isDescending)
    sorted.sort((one, other) => compare(recordOf(one), recordOf(other)))
    orders.set(name, { sorted, asOf: changes })
    return sorted
  }

  function find(uuid: string): KeptVulnerability | undefined {
    settled()
    return byUuid.get(uuid)
  }

  function see(
    kept: KeptVulnerability,
    ms: number,
    session: string | undefined,
    version: string | undefined,
  ): void {
    kept.count++
    if (ms > kept.lastSeenMs) kept.lastSeenMs = ms
    if (ms < kept.firstSeenMs) kept.firstSeenMs = ms
    kept.sessions = withSession(kept.sessions, session)
    kept.versions = withSession(kept.versions, version)
    if (kept.triage !== UNTOUCHED) kept.triage = seenAgain(kept.triage, new Date(ms), newUuid)
    kept.isStale = true
    byRecency.refresh(kept)
  }

  for (const record of first.vulnerabilities) add(keptOf(record))

  return {
    absorb({ application, session, receivedAt }, report, json, version) {
      changes++
      const ms = momentMs(report.at, receivedAt)
      const kind = identityKind(report)
      const identity = kind === 'hash' ? (report.hash ?? '') : placeOf(report)
      const known = homes.get(application)?.[kind].get(identity)
      if (known !== undefined) {
        see(known, ms, session, version)
        return
      }
      add({
        application,
        kind,
        identity,
        serial: nextSerial++,
        discoveredAt: receivedAt,
        json,
        firstSeenMs: ms,
        lastSeenMs: ms,
        count: 1,
        sessions: session === undefined ? NONE : [session],
        versions: version === undefined ? NONE : [version],
        triage: UNTOUCHED,
        uuid: undefined,
        record: undefined,
        isStale: false,
        isGone: false,
        older: undefined,
        newer: undefined,
      })
    },
    search(search) {
      const { filter = {}, offset = 0, limit = Number.POSITIVE_INFINITY } = search
      const matches = matchesVulnerability(filter)
      const vulnerabilities: VulnerabilityRecord[] = []
      let total = 0
      for (const kept of ordered(search)) {
        const record = recordOf(kept)
        if (!matches(record)) continue
        if (total >= offset && vulnerabilities.length < limit) vulnerabilities.push(record)
        total++
      }
      return { total, vulnerabilities }
    },
    find(uuid) {
      const found = find(uuid)
      return found === undefined ? undefined : recordOf(found)
    },
    tally(filter, by) {
      const matches = matchesVulnerability(filter)
      const tallies = new Map<string, { readonly values: readonly string[]; count: number }>()
      for (const kept of settled()) {
        const record = recordOf(kept)
        if (!matches(record)) continue
        for (const values of combinationsOf(record, by)) {
          const key = values.join('\n')
          const tally = tallies.get(key)
          if (tally === undefined) tallies.set(key, { values, count: 1 })
          else tally.count++
        }
      }
      return [...tallies.values()]
    },
    changeTriage(uuid, change) {
      const found = find(uuid)
      if (found === undefined) return undefined
      found.triage = change(found.triage)
      found.isStale = true
      changes++
      return recordOf(found)
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
    all: () => settled().map(recordOf),
    get nextSerial() {
      return nextSerial
    },
  }
}

/** A record as it was taken from another store, or from this one earlier. */
function keptOf(record: VulnerabilityRecord): KeptVulnerability {
  const report = JSON.parse(record.finding) as FindingReport
  const kind = identityKind(report)
  return {
    application: record.application,
    kind,
    identity: kind === 'hash' ? (report.hash ?? '') : placeOf(report),
    serial: record.serial,
    discoveredAt: record.discoveredAt,
    json: record.finding,
    firstSeenMs: record.firstSeenAt.getTime(),
    lastSeenMs: record.lastSeenAt.getTime(),
    count: record.count,
    sessions: record.sessions,
    versions: record.versions,
    triage: record.triage,
    uuid: undefined,
    record: undefined,
    isStale: false,
    isGone: false,
    older: undefined,
    newer: undefined,
  }
}

/** Where the first one with a greater serial stands. */
function firstAfter(all: readonly KeptVulnerability[], serial: number): number {
  let low = 0
  let high = all.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((all[middle]?.serial ?? 0) > serial) high = middle
    else low = middle + 1
  }
  return low
}

/** Every way to pick a value of each field. */
function combinationsOf(
  record: VulnerabilityRecord,
  by: readonly VulnerabilityField[],
): readonly (readonly string[])[] {
  return by.reduce<readonly (readonly string[])[]>(
    (combinations, field) => {
      const values = valuesOf(record, field)
      return combinations.flatMap((before) => values.map((value) => [...before, value]))
    },
    [[]],
  )
}
