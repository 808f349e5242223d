import { routeState } from '../../inventory/application-route.ts'
import { IMPORTANCES, importanceOf } from '../../inventory/importance.ts'
import { isApplicationOnline } from '../../inventory/presence.ts'
import type { ApplicationRecord, OrganizationRecord } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import type { LinkMaker } from '../listing/links.ts'
import { type ApplicationStats, scoreResource, statsByApplication } from './application-stats.ts'

/** What can be asked for beside what is always there. */
export const EXPANSIONS =
  'scores, trace_breakdown, license, modules, technologies, coverage, metadata, production_protected, routing_frameworks, app_instrumentation_protect, skip_links'

/** What is looked up for a list of applications, as far as the expansions need it. */
export interface ApplicationLookups {
  readonly stats: ((name: string) => ApplicationStats) | undefined
  readonly components: (name: string) => readonly string[]
  readonly coverage: (name: string) => { readonly discovered: number; readonly exercised: number }
  readonly frameworks: (name: string) => readonly string[]
}

export async function lookUp(
  store: Store,
  organization: OrganizationRecord,
  expand: ReadonlySet<string>,
): Promise<ApplicationLookups> {
  const { id } = organization
  const isWanted = (...words: readonly string[]) => words.some((word) => expand.has(word))
  const components = isWanted('technologies', 'modules') ? await store.components(id) : []
  const routes = isWanted('coverage', 'routing_frameworks') ? await store.routes(id) : []
  const ofName = (name: string) => routes.filter(({ application }) => application === name)
  return {
    stats: isWanted('scores', 'trace_breakdown')
      ? await statsByApplication(store, organization)
      : undefined,
    components: (name) => [
      ...new Set(components.filter((each) => each.application === name).map((each) => each.name)),
    ],
    coverage(name) {
      const own = ofName(name).filter(({ isExcluded }) => !isExcluded)
      const exercised = own.filter((each) => routeState(each) === 'EXERCISED')
      return { discovered: own.length, exercised: exercised.length }
    },
    frameworks: (name) => [...new Set(ofName(name).flatMap(({ framework }) => framework ?? []))],
  }
}

/** What a resource of an application is made with. */
export interface ApplicationRendering {
  readonly organization: OrganizationRecord
  readonly now: Date
  readonly expand: ReadonlySet<string>
  readonly lookups: ApplicationLookups
  readonly links: LinkMaker
}

/** The documented application of lists and of one. */
export function applicationResource(
  application: ApplicationRecord,
  rendering: ApplicationRendering,
) {
  const { now } = rendering
  const importance = importanceOf(application)
  return {
    app_id: application.id,
    name: application.displayName ?? application.name,
    short_name: application.code ?? '',
    path: application.path ?? '/',
    language: application.language,
    archived: application.isArchived,
    status: isApplicationOnline(application, now) ? 'online' : 'offline',
    created: application.createdAt.getTime(),
    first_seen: application.createdAt.getTime(),
    onboarded_time: application.createdAt.getTime(),
    last_seen: application.lastSeenAt.getTime(),
    ...(application.resetAt === undefined ? {} : { last_reset: application.resetAt.getTime() }),
    importance,
    importance_description: IMPORTANCES[importance],
    tags: application.tags,
    total_modules: 1,
    size: 0,
    size_shorthand: '0',
    code: 0,
    code_shorthand: '0',
    assess: true,
    assessPending: false,
    defend: false,
    defendPending: false,
    master: false,
    primary: false,
    parentApplicationId: null,
    notes: '',
    override_url: '',
    metadataEntities: rendering.expand.has('metadata') ? metadataEntities(application) : [],
    missingRequiredFields: [],
    validationErrorFields: [],
    ...expanded(application, rendering),
    ...linksOf(application, rendering),
  }
}

/** The documented `ApplicationLicenseResource`. */
export function licenseResource({ isLicensed = true, createdAt }: ApplicationRecord) {
  return {
    level: isLicensed ? 'Licensed' : 'Unlicensed',
    ...(isLicensed ? { start: createdAt.getTime() } : {}),
    near_expiration: false,
  }
}

function metadataEntities({ metadata }: ApplicationRecord): readonly object[] {
  return Object.entries(metadata).map(([name, value], at) => ({
    id: at + 1,
    type: 'STRING',
    agentLabel: name,
    fieldName: name,
    displayLabel: name,
    fieldValue: value,
    required: false,
    unique: false,
  }))
}

function expanded(
  application: ApplicationRecord,
  { expand, lookups }: ApplicationRendering,
): object {
  const { name } = application
  const stats = lookups.stats?.(name)
  const { discovered, exercised } = lookups.coverage(name)
  const frameworks = lookups.frameworks(name)
  return {
    ...(expand.has('license') ? { license: licenseResource(application) } : {}),
    ...(expand.has('scores') && stats !== undefined ? { scores: scoreResource(stats.scores) } : {}),
    ...(expand.has('trace_breakdown') && stats !== undefined
      ? { trace_breakdown: stats.breakdown }
      : {}),
    ...(expand.has('modules') ? { modules: [] } : {}),
    ...(expand.has('technologies') ? { techs: lookups.components(name) } : {}),
    ...(expand.has('coverage')
      ? {
          routes: {
            discovered,
            exercised,
            combinedDiscovered: discovered,
            combinedExercised: exercised,
            discoveredByUrl: false,
            entryPointTypeCounts: [],
          },
        }
      : {}),
    ...(expand.has('production_protected')
      ? { production_protected: { protect: 0, total: 0 } }
      : {}),
    ...(expand.has('routing_frameworks')
      ? { routingFrameworks: { frameworks, supported: frameworks.length > 0 } }
      : {}),
    ...(expand.has('app_instrumentation_protect')
      ? { protect: { isCompletelyUninstrumented: false } }
      : {}),
    ...(expand.has('compliance_policy') ? { policies: [] } : {}),
  }
}

function linksOf({ id }: ApplicationRecord, { organization, links }: ApplicationRendering) {
  const base = `/ng/${organization.id}`
  return links(
    ['self', `${base}/applications/${id}`],
    ['traces', `${base}/traces/${id}/filter`],
    ['libraries', `${base}/applications/${id}/libraries`],
    ['servers', `${base}/applications/${id}/servers`],
    ['breakdown', `${base}/applications/${id}/breakdown/trace`],
    ['license', `${base}/applications/${id}/license`],
    ['importance', `${base}/applications/${id}/importance`, 'PUT'],
  )
}
