import type { Answer } from '../../../core/exchange.ts'
import type { LibraryRecord } from '../../../inventory/library.ts'
import { withoutTag, withTags } from '../../../inventory/triage.ts'
import { done } from '../../done.ts'
import { findApplication } from '../../listing/find-application.ts'
import { notFound } from '../../listing/not-found.ts'
import { createQueryReader } from '../../listing/query.ts'
import { ALL_ROLES, type Call, EDIT_AND_UP, route, routeWithBody } from '../../route.ts'
import type { LibraryTagsMessage } from '../messages.ts'
import { LibraryTagsRequest, OneTagRequest } from '../validators.generated.js'

const TAGS = '/ng/:org/tags'

/** Lists the tags of all libraries. */
export const listLibraryTags = route({
  method: 'GET',
  path: `${TAGS}/libraries/list`,
  access: { people: ALL_ROLES },
  description: { summary: 'List the tags of all libraries', isOurs: false, answer: 'TagsResponse' },
  answer: async ({ organization, store }) => tagged(await store.libraries(organization.id)),
})

/** Lists the tags of the libraries of an application. */
export const listLibraryTagsOfApplication = route({
  method: 'GET',
  path: `${TAGS}/libraries/:app/list`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'List the tags of the libraries of an application',
    isOurs: false,
    answer: 'TagsResponse',
  },
  async answer(call) {
    const application = await findApplication(call)
    if (application === undefined) return notFound('application')
    const libraries = await call.store.libraries(call.organization.id)
    return tagged(libraries.filter(({ uses }) => uses.has(application.name)))
  },
})

/** Lists the tags of some libraries. */
export const listTagsOfLibraries = route({
  method: 'GET',
  path: `${TAGS}/libraries`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'List the tags of some libraries',
    isOurs: false,
    answer: 'TagsResponse',
    query: { libraryHashes: 'Their hashes; all without it' },
  },
  async answer({ organization, store, query }) {
    const hashes = new Set(createQueryReader(query).list('libraryHashes'))
    const libraries = await store.libraries(organization.id)
    return tagged(libraries.filter(({ hash }) => hashes.size === 0 || hashes.has(hash)))
  },
})

const CHANGE = { isOurs: false, request: 'LibraryTagsRequest', answer: 'BaseApiResponse' }

/** Adds tags to libraries. */
export const tagLibraries = routeWithBody({
  method: 'POST',
  path: `${TAGS}/libraries`,
  access: { people: ALL_ROLES },
  description: { ...CHANGE, summary: 'Add tags to libraries' },
  validator: LibraryTagsRequest,
  answer: (call) => changeTags(call, withTags),
})

/** Takes tags from libraries. */
export const untagLibraries = routeWithBody({
  method: 'DELETE',
  path: `${TAGS}/libraries`,
  access: { people: EDIT_AND_UP },
  description: { ...CHANGE, summary: 'Remove tags of libraries' },
  validator: LibraryTagsRequest,
  answer: (call) =>
    changeTags(call, (before, named) => before.filter((tag) => !named.includes(tag))),
})

/** Adds and removes tags of libraries. */
export const changeLibraryTags = routeWithBody({
  method: 'PUT',
  path: `${TAGS}/libraries/bulk`,
  access: { people: ALL_ROLES },
  description: { ...CHANGE, summary: 'Add and remove tags of libraries' },
  validator: LibraryTagsRequest,
  answer: (call) => changeTags(call, withTags),
})

/** Takes a tag from a library. */
export const untagLibrary = routeWithBody({
  method: 'DELETE',
  path: `${TAGS}/library/:hash`,
  access: { people: EDIT_AND_UP },
  description: {
    summary: 'Remove a tag of a library',
    isOurs: false,
    request: 'OneTagRequest',
    answer: 'TagsResponse',
  },
  validator: OneTagRequest,
  async answer({ organization, parameters, store, message }) {
    const hash = (parameters.hash ?? '').toLowerCase()
    const library = await store.changeLibrary(organization.id, hash, (before) => ({
      ...before,
      tags: withoutTag(before.tags, message.tag),
    }))
    return library === undefined ? notFound('library') : tagged([library])
  },
})

async function changeTags(
  { organization, store, message }: Call<LibraryTagsMessage>,
  change: (before: readonly string[], named: readonly string[]) => readonly string[],
): Promise<Answer> {
  const named = message.tags ?? message.tagsToUpdate ?? []
  const removed = new Set((message.tags_remove ?? []).map(String))
  for (const hash of message.library_hashes ?? message.libraryHashes ?? []) {
    await store.changeLibrary(organization.id, String(hash).toLowerCase(), (before) => ({
      ...before,
      tags: change(before.tags, named).filter((tag) => !removed.has(tag)),
    }))
  }
  return done()
}

/** The documented list of tags, each once. */
function tagged(libraries: readonly LibraryRecord[]): Answer {
  return done({
    tags: [...new Set(libraries.flatMap(({ tags }) => tags))].sort(),
    totalLibraryHashes: libraries.length,
  })
}
