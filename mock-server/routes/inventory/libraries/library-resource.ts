import { type LibraryRecord, libraryScore } from '../../../inventory/library.ts'
import { score } from '../../../inventory/scores.ts'
import type { ApplicationRecord, ServerRecord } from '../../../store/records.ts'
import type { LinkMaker } from '../../listing/links.ts'
import { applicationBase } from '../application-base.ts'
import { serverBase } from '../servers/server-resource.ts'

/** What a resource of a library is made with. */
export interface LibraryScene {
  readonly organizationId: string
  /** All of the organization. */
  readonly applications: readonly ApplicationRecord[]
  readonly servers: readonly ServerRecord[]
  /** The one that is asked about; else the first that uses the library stands for it. */
  readonly application: ApplicationRecord | undefined
  readonly links: LinkMaker
  readonly expand: ReadonlySet<string>
}

/** The letter of a library's score. */
export function libraryGrade(library: LibraryRecord): string {
  return score(libraryScore(library)).letter
}

/** What lists call a library; names of versions and files are one thing here. */
export function libraryFileName({ name }: LibraryRecord): string {
  return name
}

/** A library as lists show it, by the names that public clients read. */
export function libraryResource(library: LibraryRecord, scene: LibraryScene) {
  const { organizationId, applications, servers, links, expand } = scene
  const users = applications.filter(({ name }) => library.uses.has(name))
  const application = scene.application ?? users[0]
  const use = application === undefined ? undefined : library.uses.get(application.name)
  const points = libraryScore(library)
  const ids = new Set(users.map(({ id }) => id))
  const on = servers.filter(({ applicationIds }) => [...applicationIds].some((id) => ids.has(id)))
  return {
    hash: library.hash,
    file_name: libraryFileName(library),
    file_version: library.version,
    version: library.version,
    group: '',
    manifest: use?.file ?? '',
    language: library.language,
    app_id: application?.id ?? '',
    app_name: application?.displayName ?? application?.name ?? '',
    app_language: application?.language ?? '',
    custom: false,
    invalid: false,
    restricted: false,
    class_count: library.classCount,
    classes_used: use?.classesUsed ?? 0,
    loc: 0,
    loc_shorthand: '0',
    grade: libraryGrade(library),
    libScore: points,
    ossScore: points,
    months_outdated: library.monthsOutdated,
    latest_version: library.latestVersion ?? library.version,
    latest_release_date: library.latestReleasedAt?.getTime() ?? 0,
    release_date: library.releasedAt?.getTime() ?? 0,
    versions_behind: 0,
    total_vulnerabilities: library.weaknesses.length,
    high_vulnerabilities: library.weaknesses.filter(isHigh).length,
    licenses: library.license === undefined ? [] : [library.license],
    tags: library.tags,
    bugtracker_tickets: [],
    ...(expand.has('vulns')
      ? {
          vulns: library.weaknesses.map(({ name, description, severity }) => ({
            name,
            description,
            severity_code: severity.toUpperCase(),
          })),
        }
      : {}),
    ...(expand.has('apps')
      ? { apps: users.map((each) => applicationBase(each, organizationId, links)) }
      : {}),
    ...(expand.has('servers')
      ? { servers: on.map((each) => serverBase(each, organizationId, links)) }
      : {}),
    ...links([
      'self',
      `/ng/${organizationId}/libraries/${encodeURIComponent(library.language.toLowerCase())}/${library.hash}`,
    ]),
  }
}

function isHigh({ severity }: LibraryRecord['weaknesses'][number]): boolean {
  return severity === 'high' || severity === 'critical'
}
