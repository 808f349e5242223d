import type { Answer } from '../../../core/exchange.ts'
import { withoutTag, withTags } from '../../../inventory/triage.ts'
import type { ServerRecord } from '../../../store/records.ts'
import { done } from '../../done.ts'
import { findApplication } from '../../listing/find-application.ts'
import { notFound } from '../../listing/not-found.ts'
import { ALL_ROLES, type Call, EDIT_AND_UP, route, routeWithBody } from '../../route.ts'
import type { ServerTagsMessage, Words } from '../messages.ts'
import { OneTagRequest, ServersRequest, ServerTagsRequest } from '../validators.generated.js'
import { aboutServer } from './find-server.ts'

const TAGS = '/ng/:org/tags'

/** Lists the tags of one server. */
export const listTagsOfServer = route({
  method: 'GET',
  path: `${TAGS}/server/list/:server`,
  access: { people: ALL_ROLES },
  description: { summary: 'List the tags of a server', isOurs: false, answer: 'TagsResponse' },
  answer: (call) => aboutServer(call, ({ server }) => tagged([server])),
})

/** Lists the tags of all servers. */
export const listServerTags = route({
  method: 'GET',
  path: `${TAGS}/servers/list`,
  access: { people: ALL_ROLES },
  description: { summary: 'List the tags of all servers', isOurs: false, answer: 'TagsResponse' },
  answer: async ({ organization, store }) => tagged(await store.servers(organization.id)),
})

/** Lists the tags of the servers of an application. */
export const listServerTagsOfApplication = route({
  method: 'GET',
  path: `${TAGS}/servers/list/application/:app`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'List the tags of the servers of an application',
    isOurs: false,
    answer: 'TagsResponse',
  },
  async answer(call) {
    const application = await findApplication(call)
    if (application === undefined) return notFound('application')
    const servers = await call.store.servers(call.organization.id)
    return tagged(servers.filter(({ applicationIds }) => applicationIds.has(application.id)))
  },
})

/** Lists the tags of some servers. */
export const listTagsOfServers = routeWithBody({
  method: 'POST',
  path: `${TAGS}/servers/bulk`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'List the tags of some servers',
    isOurs: false,
    request: 'ServersRequest',
    answer: 'TagsResponse',
  },
  validator: ServersRequest,
  answer: async (call) => tagged(await serversNamed(call, call.message.servers_id)),
})

/** Adds tags to servers. */
export const tagServers = routeWithBody({
  method: 'PUT',
  path: `${TAGS}/servers`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Add tags to servers',
    isOurs: false,
    request: 'ServerTagsRequest',
    answer: 'BaseApiResponse',
  },
  validator: ServerTagsRequest,
  answer: changeTags,
})

/** Adds and removes tags of servers. */
export const changeServerTags = routeWithBody({
  method: 'PUT',
  path: `${TAGS}/servers/bulk`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Add and remove tags of servers',
    isOurs: false,
    request: 'ServerTagsRequest',
    answer: 'BaseApiResponse',
  },
  validator: ServerTagsRequest,
  answer: changeTags,
})

/** Takes a tag from a server. */
export const untagServer = routeWithBody({
  method: 'DELETE',
  path: `${TAGS}/server/:server`,
  access: { people: EDIT_AND_UP },
  description: {
    summary: 'Remove a tag of a server',
    isOurs: false,
    request: 'OneTagRequest',
    answer: 'TagsResponse',
  },
  validator: OneTagRequest,
  answer: (call) =>
    aboutServer(call, async ({ server }) => {
      const { tag } = call.message
      return tagged([await retagged(call, server, (tags) => withoutTag(tags, tag))])
    }),
})

async function changeTags(call: Call<ServerTagsMessage>): Promise<Answer> {
  const { tags, tags_remove, servers_id, applications_id } = call.message
  const removed = new Set((tags_remove ?? []).map(String))
  const servers = await serversNamed(call, servers_id ?? applications_id ?? [])
  for (const server of servers) {
    await retagged(call, server, (before) =>
      withTags(before, tags).filter((tag) => !removed.has(tag)),
    )
  }
  return done()
}

/** Those of the ids that are there. */
async function serversNamed(
  { organization, store }: Pick<Call, 'organization' | 'store'>,
  ids: Words,
): Promise<readonly ServerRecord[]> {
  const wanted = new Set((ids ?? []).map(String))
  return (await store.servers(organization.id)).filter(({ id }) => wanted.has(String(id)))
}

function retagged(
  { organization, store }: Pick<Call, 'organization' | 'store'>,
  server: ServerRecord,
  change: (tags: readonly string[]) => readonly string[],
): Promise<ServerRecord> {
  return store.changeServer(organization.id, server, (before = server) => ({
    ...before,
    tags: change(before.tags),
  }))
}

/** The documented list of tags, each once. */
function tagged(servers: readonly ServerRecord[]): Answer {
  return done({ tags: [...new Set(servers.flatMap(({ tags }) => tags))].sort() })
}
