import type { Answer } from '../../core/exchange.ts'
import { changedTags, withoutTag } from '../../inventory/triage.ts'
import type { ApplicationRecord } from '../../store/records.ts'
import { done } from '../done.ts'
import { findApplication } from '../listing/find-application.ts'
import { notFound } from '../listing/not-found.ts'
import { createQueryReader } from '../listing/query.ts'
import {
  ALL_ROLES,
  type Call,
  EDIT_AND_UP,
  type GuardedRoute,
  route,
  routeWithBody,
} from '../route.ts'
import {
  TagRequest,
  TagsApplicationsRequest,
  TagsApplicationsUpdateRequest,
} from './validators.generated.js'

const TAGS = '/ng/:org/tags/applications'
const EVERYONE = { people: ALL_ROLES }

type TagCall = Omit<Call<unknown>, 'message'>

const listOfOne = route({
  method: 'GET',
  path: '/ng/:org/tags/application/list/:app',
  access: EVERYONE,
  description: {
    summary: 'List the tags of an application',
    isOurs: false,
    answer: 'TagsResponse',
  },
  async answer(call: Call) {
    const application = await findApplication(call)
    return application === undefined ? notFound('application') : done({ tags: application.tags })
  },
})

const listAll = route({
  method: 'GET',
  path: `${TAGS}/list`,
  access: EVERYONE,
  description: { summary: 'List the tags of applications', isOurs: false, answer: 'TagsResponse' },
  answer: async ({ store, organization }: Call) =>
    tagsOf(await store.applications(organization.id)),
})

const listOfSeveral = route({
  method: 'GET',
  path: `${TAGS}/bulk`,
  access: EVERYONE,
  description: {
    summary: 'List the tags of some applications',
    isOurs: false,
    answer: 'TagsResponse',
    query: { applicationsId: 'Ids of applications' },
  },
  async answer(call: Call) {
    const found = await findAll(call, createQueryReader(call.query).list('applicationsId'))
    return found === undefined ? notFound('application') : tagsOf(found)
  },
})

const add = routeWithBody({
  method: 'PUT',
  path: TAGS,
  access: EVERYONE,
  description: {
    summary: 'Add tags to applications',
    isOurs: false,
    request: 'TagsApplicationsRequest',
    answer: 'BaseApiResponse',
  },
  validator: TagsApplicationsRequest,
  answer: (call) => changeTags(call, call.message.applications_id, call.message.tags, []),
})

const change = routeWithBody({
  method: 'PUT',
  path: `${TAGS}/bulk`,
  access: EVERYONE,
  description: {
    summary: 'Add tags to applications, and take others from them',
    isOurs: false,
    request: 'TagsApplicationsUpdateRequest',
    answer: 'BaseApiResponse',
  },
  validator: TagsApplicationsUpdateRequest,
  answer: (call) => {
    const { applications_id, tags, tags_remove } = call.message
    return changeTags(call, applications_id, tags, tags_remove)
  },
})

/** Changes the tags of all that are named, or of none. */
async function changeTags(
  call: TagCall,
  ids: readonly string[],
  added: readonly string[],
  removed: readonly string[],
): Promise<Answer> {
  const found = await findAll(call, ids)
  if (found === undefined) return notFound('application')
  for (const application of found) {
    await call.store.changeApplication(call.organization.id, application.name, (before) => ({
      ...(before ?? application),
      tags: changedTags((before ?? application).tags, { added, removed }),
    }))
  }
  return done({ messages: [`Applications tagged: ${found.length}.`] })
}

const remove = routeWithBody({
  method: 'DELETE',
  path: '/ng/:org/tags/application/:app',
  access: { people: EDIT_AND_UP },
  description: {
    summary: 'Take a tag from an application',
    isOurs: false,
    request: 'TagRequest',
    answer: 'TagsResponse',
  },
  validator: TagRequest,
  async answer(call) {
    const application = await findApplication(call)
    if (application === undefined) return notFound('application')
    const after = await call.store.changeApplication(
      call.organization.id,
      application.name,
      (before) => ({
        ...(before ?? application),
        tags: withoutTag((before ?? application).tags, call.message.tag),
      }),
    )
    return done({ tags: after.tags })
  },
})

export const APPLICATION_TAG_ROUTES: readonly GuardedRoute[] = [
  listOfOne,
  listAll,
  listOfSeveral,
  add,
  change,
  remove,
]

/** The applications of these ids; undefined when one of them is not there. */
async function findAll(
  { store, organization }: TagCall,
  ids: readonly string[],
): Promise<readonly ApplicationRecord[] | undefined> {
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))]
  const all = new Map((await store.applications(organization.id)).map((each) => [each.id, each]))
  const found = wanted.flatMap((id) => all.get(id) ?? [])
  return found.length === wanted.length ? found : undefined
}

function tagsOf(applications: readonly ApplicationRecord[]): Answer {
  return done({ tags: [...new Set(applications.flatMap(({ tags }) => tags))].sort() })
}
