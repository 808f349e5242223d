import type { FindingReport, Report } from '../../sdk/wire/messages.ts'
import { newUuid } from '../flat-text.ts'
import { libraryHash } from '../inventory/library.ts'
import { marked, withNote } from '../inventory/triage.ts'
import { identityKind, placeOf, uuidOf } from '../inventory/vulnerability-identity.ts'
import type { ApplicationRecord, Importance, ServerRecord, StoredReport } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type {
  ApplicationSeed,
  LibrarySeed,
  RouteSeed,
  ServerSeed,
  VulnerabilitySeed,
} from './application-seed.ts'

const DAY_MS = 86_400_000

/** Who a seed's marks and notes are by. */
const SEED = 'seed'

/** Where seeds go, and what time it is there. */
export interface PlantingGround {
  readonly store: Store
  readonly organizationId: string
  readonly now: Date
}

/**
 * Puts applications in place with what their engines are to have reported, the way reports would have
 * done it; the reports themselves are not kept. What is there already is added to.
 */
export async function plantApplications(
  ground: PlantingGround,
  seeds: readonly ApplicationSeed[],
): Promise<void> {
  for (const seed of seeds) await plantApplication(ground, seed)
}

async function plantApplication(ground: PlantingGround, seed: ApplicationSeed): Promise<void> {
  const { store, organizationId, now } = ground
  const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS)
  const oldest = Math.max(
    seed.lastSeenDaysAgo ?? 0,
    ...(seed.vulnerabilities ?? []).map(({ firstSeenDaysAgo = 0 }) => firstSeenDaysAgo),
  )
  const createdAt = daysAgo(seed.createdDaysAgo ?? oldest)
  const lastSeenAt = daysAgo(seed.lastSeenDaysAgo ?? 0)
  const application = await store.changeApplication(organizationId, seed.name, (before) =>
    applicationOf(seed, before?.id ?? newUuid(), createdAt, lastSeenAt),
  )
  for (const server of seed.servers ?? []) {
    await plantServer(ground, server, application, createdAt, lastSeenAt)
  }
  const receipt = { organizationId, agentUserName: SEED, application: seed.name }
  const seen = (report: Report, receivedAt: Date): StoredReport => ({
    ...receipt,
    receivedAt,
    report,
  })
  await store.feedInventory(organizationId, [
    ...(seed.libraries ?? []).map((each) =>
      seen(libraryReport(each, application.language), lastSeenAt),
    ),
    ...(seed.components ?? []).map((each) =>
      seen({ id: 'seed', type: 'component', ...each }, lastSeenAt),
    ),
    ...(seed.routes ?? []).flatMap((each) => [
      seen(routeReport(each, 'discovered'), createdAt),
      ...((each.requests ?? 0) > 0 ? [seen(routeReport(each, 'observed'), lastSeenAt)] : []),
    ]),
    ...(seed.vulnerabilities ?? []).flatMap((each) => {
      const { first, last } = momentsOf(each)
      const again = Math.max(0, (each.count ?? 1) - 1)
      const finding = findingOf(each)
      return [
        seen(finding, daysAgo(first)),
        ...Array.from({ length: again }, () => seen(finding, daysAgo(last))),
      ]
    }),
  ])
  for (const library of seed.libraries ?? []) await describeLibrary(ground, library, application)
  for (const vulnerability of seed.vulnerabilities ?? []) {
    const { marked: days } = momentsOf(vulnerability)
    await triage(ground, vulnerability, seed.name, daysAgo(days))
  }
}

function applicationOf(
  seed: ApplicationSeed,
  id: string,
  createdAt: Date,
  lastSeenAt: Date,
): ApplicationRecord {
  const { name, language = 'Node', path, version, code, group, isLicensed, importance } = seed
  return {
    id,
    name,
    language,
    tags: seed.tags ?? [],
    metadata: seed.metadata ?? {},
    isArchived: seed.isArchived ?? false,
    createdAt,
    lastSeenAt,
    ...(path === undefined ? {} : { path }),
    ...(version === undefined ? {} : { version }),
    ...(code === undefined ? {} : { code }),
    ...(group === undefined ? {} : { group }),
    ...(isLicensed === undefined ? {} : { isLicensed }),
    // A seed is checked before it is planted: 0 to 4.
    ...(importance === undefined ? {} : { importance: importance as Importance }),
  }
}

async function plantServer(
  { store, organizationId }: PlantingGround,
  { name, path = '/', type = 'node.js', environment = 'DEVELOPMENT', tags = [] }: ServerSeed,
  application: ApplicationRecord,
  createdAt: Date,
  lastSeenAt: Date,
): Promise<void> {
  const identity = { name, path, type }
  await store.changeServer(
    organizationId,
    identity,
    (before, nextId): ServerRecord => ({
      id: before?.id ?? nextId,
      ...identity,
      environment: before?.environment ?? environment,
      tags: before?.tags ?? tags,
      applicationIds: new Set([...(before?.applicationIds ?? []), application.id]),
      createdAt: before?.createdAt ?? createdAt,
      lastSeenAt,
    }),
  )
}

function libraryReport(
  { name, version, language, license, dependency }: LibrarySeed,
  ofApplication: string,
): Report {
  return {
    id: 'seed',
    type: 'library',
    name,
    version,
    language: language ?? ofApplication,
    ...(license === undefined ? {} : { license }),
    ...(dependency === undefined ? {} : { dependency }),
  }
}

/** Adds what no report tells. */
async function describeLibrary(
  { store, organizationId }: PlantingGround,
  seed: LibrarySeed,
  { name: application, language }: ApplicationRecord,
): Promise<void> {
  const hash = libraryHash({ language, ...seed })
  await store.changeLibrary(organizationId, hash, (before) => {
    const use = before.uses.get(application)
    return {
      ...before,
      classCount: seed.classCount ?? before.classCount,
      monthsOutdated: seed.monthsOutdated ?? before.monthsOutdated,
      weaknesses: seed.weaknesses ?? before.weaknesses,
      tags: seed.tags ?? before.tags,
      ...(seed.latestVersion === undefined ? {} : { latestVersion: seed.latestVersion }),
      ...(use === undefined || seed.classesUsed === undefined
        ? {}
        : {
            uses: new Map(before.uses).set(application, { ...use, classesUsed: seed.classesUsed }),
          }),
    }
  })
}

function routeReport(
  { method = 'GET', pattern, framework, requests = 0 }: RouteSeed,
  state: 'discovered' | 'observed',
): Report {
  return {
    id: 'seed',
    type: 'route',
    state,
    method,
    pattern,
    ...(framework === undefined ? {} : { framework }),
    ...(state === 'observed' ? { count: requests, status: 200 } : {}),
  }
}

function findingOf({
  rule,
  severity,
  title,
  url,
  hash,
  evidence,
  request,
}: VulnerabilitySeed): FindingReport {
  return {
    id: 'seed',
    type: 'finding',
    rule,
    ...(severity === undefined ? {} : { severity }),
    ...(title === undefined ? {} : { title }),
    ...(url === undefined ? {} : { url }),
    ...(hash === undefined ? {} : { hash }),
    ...(evidence === undefined ? {} : { evidence }),
    ...(request === undefined ? {} : { request }),
  }
}

/** In days ago. */
function momentsOf({ firstSeenDaysAgo = 0, lastSeenDaysAgo, markedDaysAgo }: VulnerabilitySeed) {
  const last = lastSeenDaysAgo ?? firstSeenDaysAgo
  return { first: firstSeenDaysAgo, last, marked: markedDaysAgo ?? last }
}

/** Does what people are to have done with it. */
async function triage(
  { store, organizationId }: PlantingGround,
  seed: VulnerabilitySeed,
  application: string,
  at: Date,
): Promise<void> {
  const { status = 'reported', substatus, tags = [], notes = [] } = seed
  if (status === 'reported' && tags.length === 0 && notes.length === 0) return
  const finding = findingOf(seed)
  const kind = identityKind(finding)
  const identity = kind === 'hash' ? (finding.hash ?? '') : placeOf(finding)
  const uuid = uuidOf(organizationId, application, kind, identity)
  await store.changeTriage(organizationId, uuid, (before) => {
    const mark = { status, ...(substatus === undefined ? {} : { substatus }) }
    const after = status === 'reported' ? before : marked(before, mark, SEED, at, newUuid())
    const note = (text: string) => ({
      id: newUuid(),
      text,
      author: SEED,
      createdAt: at,
      changedAt: at,
      changedBy: SEED,
    })
    return notes.reduce((noted, text) => withNote(noted, note(text)), { ...after, tags })
  })
}
