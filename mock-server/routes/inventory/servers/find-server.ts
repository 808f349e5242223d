import type { Answer } from '../../../core/exchange.ts'
import type { ApplicationRecord, ServerRecord } from '../../../store/records.ts'
import { createLinkMaker } from '../../listing/links.ts'
import { notFound } from '../../listing/not-found.ts'
import { createQueryReader, type QueryReader } from '../../listing/query.ts'
import type { Call } from '../../route.ts'
import type { ServerScene } from './server-resource.ts'

/** What is asked of the server that the path names. */
export interface ServerFound {
  readonly server: ServerRecord
  /** All of the organization. */
  readonly applications: readonly ApplicationRecord[]
  readonly scene: ServerScene
  readonly reader: QueryReader
}

/** Answers about the server that stands in the path as `:server`; 404 where there is none. */
export async function aboutServer(
  call: Call<unknown>,
  answer: (found: ServerFound) => Answer | Promise<Answer>,
): Promise<Answer> {
  const { organization, parameters, store, now } = call
  const servers = await store.servers(organization.id)
  const server = servers.find(({ id }) => String(id) === parameters.server)
  if (server === undefined) return notFound('server')
  const reader = createQueryReader(call.query)
  const expand = reader.expand()
  const applications = await store.applications(organization.id)
  const links = createLinkMaker(call.address, expand)
  const scene = { organizationId: organization.id, applications, now, links, expand }
  return answer({ server, applications, scene, reader })
}
