import { type Importance, importanceOf, readImportance } from '../../inventory/importance.ts'
import { isApplicationOnline } from '../../inventory/presence.ts'
import { LETTERS } from '../../inventory/scores.ts'
import { SEVERITIES } from '../../inventory/severity.ts'
import type { ApplicationRecord } from '../../store/records.ts'
import type { QueryReader } from '../listing/query.ts'
import type { Call } from '../route.ts'
import { statsByApplication } from './application-stats.ts'

/** What a call about applications needs beside its body. */
export type ApplicationsCall = Omit<Call<unknown>, 'message'>

/** The parameters of a filter, for the OpenAPI document. */
export const FILTER_PARAMETERS: Readonly<Record<string, string>> = {
  filterText: 'Part of the name',
  filterAppCode: 'Part of the short name',
  filterLanguages: 'Languages',
  filterTags: 'Tags',
  filterTechs: 'Components',
  filterServers: 'Ids or names of servers that it runs on',
  environment: 'DEVELOPMENT, QA or PRODUCTION: of such servers',
  appImportances: 'UNIMPORTANT to CRITICAL, or 0 to 4',
  filterVulnSeverities: 'Severities of open vulnerabilities',
  scoreLetterGrades: LETTERS.join(', '),
  includeArchived: 'true lists archived ones too',
  includeOnlyLicensed: 'true lists licensed ones alone',
  quickFilter: 'ALL, LICENSED, UNLICENSED, ARCHIVED, ONLINE, OFFLINE, HIGH_RISK',
  metadataFilters: 'As JSON: {"fieldID": "team", "values": ["blue"]}',
}

type Holds = (application: ApplicationRecord) => boolean

/** The quick filters; archived applications are asked for by name. */
export const QUICK_FILTERS: readonly {
  readonly type: string
  readonly name: string
  readonly holds: (application: ApplicationRecord, now: Date) => boolean
}[] = [
  { type: 'ALL', name: 'All', holds: () => true },
  { type: 'LICENSED', name: 'Licensed', holds: ({ isLicensed = true }) => isLicensed },
  { type: 'UNLICENSED', name: 'Unlicensed', holds: ({ isLicensed = true }) => !isLicensed },
  { type: 'ARCHIVED', name: 'Archived', holds: ({ isArchived }) => isArchived },
  { type: 'ONLINE', name: 'Online', holds: (each, now) => isApplicationOnline(each, now) },
  { type: 'OFFLINE', name: 'Offline', holds: (each, now) => !isApplicationOnline(each, now) },
  { type: 'HIGH_RISK', name: 'High Risk', holds: (each) => importanceOf(each) >= 3 },
]

/** Finds the applications that are asked for, in the order in which they became known. */
export async function findApplications(
  query: QueryReader,
  call: ApplicationsCall,
): Promise<readonly ApplicationRecord[]> {
  const checks = [
    ...plainChecks(query),
    archivedCheck(query),
    quickCheck(query, call.now),
    ...(await joinedChecks(query, call)),
  ].filter((check) => check !== undefined)
  return (await call.store.applications(call.organization.id))
    .filter((application) => checks.every((check) => check(application)))
    .sort(byArrival)
}

/** In this order nothing moves while new ones come; of one moment, by name. */
function byArrival(one: ApplicationRecord, other: ApplicationRecord): number {
  return one.createdAt.getTime() - other.createdAt.getTime() || (one.name < other.name ? -1 : 1)
}

function plainChecks(query: QueryReader): (Holds | undefined)[] {
  const text = query.text('filterText')?.toLowerCase()
  const code = query.text('filterAppCode')?.toLowerCase()
  const languages = query.list('filterLanguages').map((language) => language.toLowerCase())
  const tags = query.list('filterTags')
  const importances = readImportances(query)
  return [
    text === undefined
      ? undefined
      : ({ name, displayName = '' }) =>
          name.toLowerCase().includes(text) || displayName.toLowerCase().includes(text),
    code === undefined ? undefined : ({ code: own = '' }) => own.toLowerCase().includes(code),
    languages.length === 0
      ? undefined
      : ({ language }) => languages.includes(language.toLowerCase()),
    tags.length === 0 ? undefined : (each) => each.tags.some((tag) => tags.includes(tag)),
    importances.length === 0 ? undefined : (each) => importances.includes(importanceOf(each)),
    query.flag('includeOnlyLicensed') === true ? ({ isLicensed = true }) => isLicensed : undefined,
    ...metadataChecks(query),
  ]
}

function archivedCheck(query: QueryReader): Holds | undefined {
  const isWanted = query.flag('includeArchived') === true
  return isWanted || query.text('quickFilter')?.toUpperCase() === 'ARCHIVED'
    ? undefined
    : ({ isArchived }) => !isArchived
}

function quickCheck(query: QueryReader, now: Date): Holds | undefined {
  const type = query.choice(
    'quickFilter',
    QUICK_FILTERS.map((each) => each.type),
  )
  const found = QUICK_FILTERS.find((each) => each.type === type)
  return found === undefined ? undefined : (each) => found.holds(each, now)
}

async function joinedChecks(
  query: QueryReader,
  { store, organization }: ApplicationsCall,
): Promise<(Holds | undefined)[]> {
  const named = query.list('filterServers')
  const environments = query.choices('environment', ['DEVELOPMENT', 'QA', 'PRODUCTION'])
  const technologies = query.list('filterTechs').map((each) => each.toLowerCase())
  const severities = query.choices('filterVulnSeverities', SEVERITIES)
  const letters = query.choices('scoreLetterGrades', LETTERS)
  const servers =
    named.length + environments.length === 0 ? [] : await store.servers(organization.id)
  const components = technologies.length === 0 ? [] : await store.components(organization.id)
  const stats =
    severities.length + letters.length === 0
      ? undefined
      : await statsByApplication(store, organization)
  const runsOn = (ids: readonly ReadonlySet<string>[]): Holds => {
    return ({ id }) => ids.some((each) => each.has(id))
  }
  return [
    named.length === 0
      ? undefined
      : runsOn(
          servers
            .filter(({ id, name }) => named.includes(String(id)) || named.includes(name))
            .map(({ applicationIds }) => applicationIds),
        ),
    environments.length === 0
      ? undefined
      : runsOn(
          servers
            .filter(({ environment }) => environments.includes(environment))
            .map(({ applicationIds }) => applicationIds),
        ),
    technologies.length === 0
      ? undefined
      : ({ name }) =>
          components.some(
            (each) => each.application === name && technologies.includes(each.name.toLowerCase()),
          ),
    severities.length === 0
      ? undefined
      : ({ name }) => severities.some((severity) => (stats?.(name).open.get(severity) ?? 0) > 0),
    letters.length === 0
      ? undefined
      : ({ name }) => letters.some((letter) => stats?.(name).scores.overall.letter === letter),
  ]
}

function metadataChecks(query: QueryReader): readonly Holds[] {
  return query.whole('metadataFilters').flatMap((text) => {
    try {
      const { fieldID, values } = JSON.parse(text) as Record<string, unknown>
      if (typeof fieldID === 'string' && Array.isArray(values)) {
        return [({ metadata }: ApplicationRecord) => values.includes(metadata[fieldID])]
      }
    } catch {
      // Told below.
    }
    query.mistake('metadataFilters must hold objects with fieldID and values')
    return []
  })
}

function readImportances(query: QueryReader): readonly Importance[] {
  const words = query.list('appImportances').map(readImportance)
  if (words.includes(undefined)) {
    query.mistake('appImportances must be of UNIMPORTANT, LOW, MEDIUM, HIGH, CRITICAL')
  }
  return words.filter((word) => word !== undefined)
}
