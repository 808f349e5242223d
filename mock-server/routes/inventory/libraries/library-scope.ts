import type { Answer } from '../../../core/exchange.ts'
import type { LibraryRecord } from '../../../inventory/library.ts'
import type { ApplicationRecord } from '../../../store/records.ts'
import { findApplication } from '../../listing/find-application.ts'
import { createLinkMaker } from '../../listing/links.ts'
import { notFound } from '../../listing/not-found.ts'
import { createQueryReader, type QueryReader } from '../../listing/query.ts'
import type { Call } from '../../route.ts'
import { applicationsOn } from '../servers/server-resource.ts'
import type { LibraryScene } from './library-resource.ts'

/** Whose libraries are asked about. */
export interface LibraryScope {
  /** What the paths begin with. */
  readonly path: string
  /** How a sentence names them. */
  readonly of: string
}

export const ORGANIZATION: LibraryScope = { path: '/ng/:org/libraries', of: 'the organization' }
export const APPLICATION: LibraryScope = {
  path: '/ng/:org/applications/:app/libraries',
  of: 'an application',
}
export const SERVER: LibraryScope = { path: '/ng/:org/servers/:server/libraries', of: 'a server' }

export const SCOPES: readonly LibraryScope[] = [ORGANIZATION, APPLICATION, SERVER]

/** What is asked about libraries. */
export interface LibrariesFound {
  /** Those of the scope, in the order in which they came. */
  readonly libraries: readonly LibraryRecord[]
  readonly scene: LibraryScene
  readonly reader: QueryReader
  /** Those that the scope is about. */
  readonly applications: readonly ApplicationRecord[]
  /** What people call the thing whose libraries these are. */
  readonly title: string
}

/** Answers about the libraries of a scope; 404 where what the path names is not there. */
export async function aboutLibraries(
  call: Pick<Call, 'organization' | 'parameters' | 'store' | 'address'>,
  query: URLSearchParams,
  answer: (found: LibrariesFound) => Answer | Promise<Answer>,
): Promise<Answer> {
  const { organization, parameters, store } = call
  const all = await store.applications(organization.id)
  const servers = await store.servers(organization.id)
  let application: ApplicationRecord | undefined
  let applications = all
  let title = organization.name
  if (parameters.app !== undefined) {
    application = await findApplication(call)
    if (application === undefined) return notFound('application')
    applications = [application]
    title = application.displayName ?? application.name
  }
  if (parameters.server !== undefined) {
    const server = servers.find(({ id }) => String(id) === parameters.server)
    if (server === undefined) return notFound('server')
    applications = applicationsOn(server, all)
    title = server.displayName ?? server.name
  }
  const libraries = await store.libraries(organization.id)
  const names = new Set(applications.map(({ name }) => name))
  const isWhole = applications === all
  const reader = createQueryReader(query)
  const expand = reader.expand()
  return answer({
    libraries: isWhole
      ? libraries
      : libraries.filter(({ uses }) => [...uses.keys()].some((name) => names.has(name))),
    scene: {
      organizationId: organization.id,
      applications: all,
      servers,
      application,
      links: createLinkMaker(call.address, expand),
      expand,
    },
    reader,
    applications,
    title,
  })
}
