import { type Importance, readImportance } from '../../inventory/importance.ts'
import { describedRules, isDescribed, ruleOf } from '../../inventory/rules.ts'
import type { VulnerabilityFilter } from '../../inventory/vulnerability-filter.ts'
import type { ServerRecord } from '../../store/records.ts'
import type { QueryReader } from '../listing/query.ts'
import { withQuickFilter } from './quick-filters.ts'
import type { VulnerabilityCall } from './scope.ts'
import { isOfImportance, namesOn, namesWhere, type Surroundings } from './surroundings.ts'
import { withoutArchived } from './without-archived.ts'
import { readSeverity, readStatus, SEVERITY_KEYCODES, STATUS_KEYCODES } from './words.ts'

const NONE: ReadonlySet<string> = new Set()

/** Parameters that name applications. */
const NAMING = ['modules', 'applicationID', 'appIDsFromMetadataFilters']

/** The parameters of a filter, for the OpenAPI document. */
export const FILTER_PARAMETERS: Readonly<Record<string, string>> = {
  filterText: 'Part of the title, the rule or the URL, or the beginning of the id (ABCD-…)',
  startDate: 'From this moment on',
  endDate: 'Up to this moment',
  timestampFilter: 'LAST (or without it) or FIRST: of which sighting the moments are',
  severities: SEVERITY_KEYCODES.join(', '),
  status: STATUS_KEYCODES.join(', '),
  substatus: 'Why it is not a problem',
  vulnTypes: 'Names of rules',
  filterTags: 'Tags of vulnerabilities',
  urls: 'URLs',
  appVersionTags: 'Versions of applications',
  modules: 'Ids of applications',
  applicationID: 'The id of an application',
  languages: 'Languages of applications',
  technologies: 'Components of applications',
  applicationTags: 'Tags of applications',
  applicationImportances: 'UNIMPORTANT to CRITICAL, or 0 to 4',
  servers: 'Ids of servers that the application runs on',
  environments: 'DEVELOPMENT, QA or PRODUCTION: of such servers',
  serverTags: 'Tags of such servers',
  agentSessionId: 'A session of an engine',
  metadataFilters: 'As JSON: {"fieldID": "branchName", "values": ["main"]}',
  quickFilter: 'ALL, OPEN, CLOSED, HIGH_CONFIDENCE, …',
  tracked: 'true: reported to a bug tracker, which nothing is here',
  untracked: 'true: not reported to one',
}

/**
 * Reads which vulnerabilities are asked for. What is asked of applications, servers and sessions comes
 * down to names of applications and ids of sessions.
 *
 * @param names In the scope; undefined for all.
 */
export async function readFilter(
  query: QueryReader,
  { store, organization, parameters }: VulnerabilityCall,
  surroundings: Surroundings,
  names: ReadonlySet<string> | undefined,
): Promise<VulnerabilityFilter> {
  const severities = wordsOf(query, 'severities', readSeverity, SEVERITY_KEYCODES)
  const statuses = wordsOf(query, 'status', readStatus, STATUS_KEYCODES)
  const text = query.text('filterText')
  const from = query.moment('startDate')
  const until = query.moment('endDate')
  const isFirst = query.choice('timestampFilter', ['LAST', 'FIRST']) === 'FIRST'
  const components =
    query.list('technologies').length === 0 ? [] : await store.components(organization.id)
  const restrictions = [
    names,
    ...applicationsAskedFor(query, surroundings),
    ...serversAskedFor(query, surroundings),
    technologiesAskedFor(query, components),
  ].filter((each) => each !== undefined)
  const applications = restrictions.length === 0 ? undefined : intersection(restrictions)
  // Of an archived one whoever names it is told.
  const isOneNamed =
    parameters.app !== undefined || NAMING.some((name) => query.list(name).length > 0)
  const sessions = sessionsAskedFor(query, surroundings)
  const rules = rulesAskedFor(query)
  return withQuickFilter(query, {
    ...(applications === undefined ? {} : { applications }),
    ...(isOneNamed ? {} : withoutArchived(surroundings.applications.values())),
    ...(severities === undefined ? {} : { severities }),
    ...(statuses === undefined ? {} : { statuses }),
    ...(rules === undefined ? {} : { rules }),
    ...(sessions === undefined ? {} : { sessions }),
    ...(text === undefined ? {} : { text }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    ...(isFirst ? { momentOf: 'first' as const } : {}),
    ...listed(query, 'substatus', 'substatuses'),
    ...listed(query, 'filterTags', 'tags'),
    ...listed(query, 'urls', 'urls'),
    ...listed(query, 'appVersionTags', 'versions'),
    ...(asksForWhatNothingHas(query) ? { uuids: NONE } : {}),
  })
}

/** A list of texts as the field of a filter; without any, nothing. */
function listed<Field extends 'substatuses' | 'tags' | 'urls' | 'versions'>(
  query: QueryReader,
  name: string,
  field: Field,
): Pick<VulnerabilityFilter, Field> {
  const values = query.list(name)
  const fields: VulnerabilityFilter = values.length === 0 ? {} : { [field]: new Set(values) }
  return fields
}

/** Words of a list, each as it is read; a mistake where one is none of those that are known. */
export function wordsOf<Word>(
  query: QueryReader,
  name: string,
  read: (text: string) => Word | undefined,
  known: readonly string[],
): ReadonlySet<Word> | undefined {
  const given = query.list(name)
  if (given.length === 0) return undefined
  const words = given.map(read)
  if (words.includes(undefined)) query.mistake(`${name} must be of ${known.join(', ')}`)
  return new Set(words.filter((word) => word !== undefined))
}

function applicationsAskedFor(
  query: QueryReader,
  surroundings: Surroundings,
): (ReadonlySet<string> | undefined)[] {
  const ids = [...query.list('modules'), ...query.list('appIDsFromMetadataFilters')].map((id) =>
    id.toLowerCase(),
  )
  const one = query.text('applicationID')?.toLowerCase()
  const languages = query.list('languages').map((language) => language.toLowerCase())
  const tags = query.list('applicationTags')
  const importances = readImportances(query)
  const isAsked = (list: readonly unknown[]) => list.length > 0
  const where = (holds: Parameters<typeof namesWhere>[1]) => namesWhere(surroundings, holds)
  return [
    isAsked(ids) ? where(({ id }) => ids.includes(id)) : undefined,
    one === undefined ? undefined : where(({ id }) => id === one),
    isAsked(languages)
      ? where(({ language }) => languages.includes(language.toLowerCase()))
      : undefined,
    isAsked(tags) ? where((each) => each.tags.some((tag) => tags.includes(tag))) : undefined,
    isAsked(importances) ? where((each) => isOfImportance(each, importances)) : undefined,
    query.flag('licensedOnly') === true ? where(({ isLicensed = true }) => isLicensed) : undefined,
    ...metadataOf(query, 'applicationMetadataFilters').map(({ field, values }) =>
      where(({ metadata }) => holdsOneOf(metadata, field, values)),
    ),
  ]
}

function serversAskedFor(
  query: QueryReader,
  surroundings: Surroundings,
): (ReadonlySet<string> | undefined)[] {
  const ids = query.list('servers')
  const environments = query.choices('environments', ['DEVELOPMENT', 'QA', 'PRODUCTION'])
  const tags = query.list('serverTags')
  const on = (holds: (server: ServerRecord) => boolean) =>
    namesOn(surroundings, surroundings.servers.filter(holds))
  return [
    ids.length === 0 ? undefined : on(({ id }) => ids.includes(String(id))),
    environments.length === 0
      ? undefined
      : on(({ environment }) => environments.includes(environment)),
    tags.length === 0 ? undefined : on((each) => each.tags.some((tag) => tags.includes(tag))),
  ]
}

function technologiesAskedFor(
  query: QueryReader,
  components: readonly { readonly application: string; readonly name: string }[],
): ReadonlySet<string> | undefined {
  const wanted = query.list('technologies').map((name) => name.toLowerCase())
  if (wanted.length === 0) return undefined
  return new Set(
    components
      .filter(({ name }) => wanted.includes(name.toLowerCase()))
      .map(({ application }) => application),
  )
}

function rulesAskedFor(query: QueryReader): ReadonlySet<string> | undefined {
  const rules = query.list('vulnTypes')
  const standards = query.list('securityStandards')
  if (standards.length > 0) {
    // The one standard that rules are sorted by here.
    const isKnown = standards.some((each) => /^owasp[ _-]?2021$/i.test(each))
    const within = isKnown ? describedRules().map(({ name }) => name) : []
    const wanted = rules.length === 0 ? within : rules.filter((rule) => within.includes(rule))
    return new Set(wanted)
  }
  if (rules.length === 0) return undefined
  // A title is as good as a name.
  const byTitle = describedRules().filter(({ title }) => rules.includes(title))
  return new Set([
    ...rules.map((name) => (isDescribed(name) ? ruleOf(name).name : name)),
    ...byTitle.map(({ name }) => name),
  ])
}

function sessionsAskedFor(
  query: QueryReader,
  { sessions }: Surroundings,
): ReadonlySet<string> | undefined {
  const id = query.text('agentSessionId')
  const filters = metadataOf(query, 'metadataFilters')
  if (id === undefined && filters.length === 0) return undefined
  const found = [...sessions.values()]
    .filter((session) => id === undefined || session.id === id)
    .filter(({ metadata }) =>
      filters.every(({ field, values }) => holdsOneOf(metadata, field, values)),
    )
    .map((session) => session.id)
  // A session that was never opened is kept as text.
  return new Set(id !== undefined && filters.length === 0 ? [id, ...found] : found)
}

function metadataOf(
  query: QueryReader,
  name: string,
): readonly { readonly field: string; readonly values: readonly string[] }[] {
  return query.whole(name).flatMap((text) => {
    try {
      const { fieldID, values } = JSON.parse(text) as Record<string, unknown>
      if (typeof fieldID === 'string' && Array.isArray(values)) {
        return [{ field: fieldID, values: values.map(String) }]
      }
    } catch {
      // Told below.
    }
    query.mistake(`${name} must hold objects with fieldID and values`)
    return []
  })
}

function holdsOneOf(
  metadata: Readonly<Record<string, string>>,
  field: string,
  values: readonly string[],
): boolean {
  const wanted = field.toLowerCase()
  return Object.entries(metadata).some(
    ([name, value]) => name.toLowerCase() === wanted && values.includes(value),
  )
}

function readImportances(query: QueryReader): readonly Importance[] {
  const words = query.list('applicationImportances').map(readImportance)
  if (words.includes(undefined)) {
    query.mistake('applicationImportances must be of UNIMPORTANT, LOW, MEDIUM, HIGH, CRITICAL')
  }
  return words.filter((word) => word !== undefined)
}

/** Sinks, protection and bug trackers are not modelled: what is asked to have one is not found. */
function asksForWhatNothingHas(query: QueryReader): boolean {
  const isTracked = query.flag('tracked') === true
  const isUntracked = query.flag('untracked') === true
  return (
    (isTracked && !isUntracked) ||
    ['sinkHashes', 'sinkValues', 'sinks', 'protectStatuses', 'routes'].some(
      (name) => query.list(name).length > 0,
    )
  )
}

function intersection(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const [first = NONE, ...others] = sets
  return new Set([...first].filter((each) => others.every((other) => other.has(each))))
}
