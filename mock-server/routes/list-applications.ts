import { json } from '../core/answer.ts'
import type { ApplicationRecord } from '../store/records.ts'
import { ALL_ROLES, route } from './route.ts'

/** Lists the applications that reported, by name. */
export const listApplications = route({
  method: 'GET',
  path: '/ng/:org/applications',
  access: { people: ALL_ROLES },
  description: {
    summary: 'List the applications that reported',
    isOurs: false,
    answer: 'ApplicationsAnswer',
    query: {
      limit: 'How many at most; all without it',
      offset: 'How many to leave out at the start',
      filterText: 'Part of the name',
      includeArchived: 'true lists archived ones too',
    },
  },
  async answer({ organization, query, store }) {
    const text = query.get('filterText')?.toLowerCase() ?? ''
    const isArchivedWanted = /^true$/i.test(query.get('includeArchived') ?? '')
    const wanted = (await store.applications(organization.id))
      .filter(({ name, isArchived }) => {
        return name.toLowerCase().includes(text) && (isArchivedWanted || !isArchived)
      })
      .sort((one, other) => (one.name < other.name ? -1 : 1))
    const offset = wholeNumber(query.get('offset')) ?? 0
    const limit = wholeNumber(query.get('limit')) ?? wanted.length
    return json(200, {
      success: true,
      messages: [],
      applications: wanted.slice(offset, offset + limit).map(listed),
      count: wanted.length,
    })
  },
})

/** Names and types as public clients insist on them: times in milliseconds, tags as text. */
function listed(application: ApplicationRecord) {
  return {
    app_id: application.id,
    name: application.name,
    short_name: '',
    path: application.path ?? '/',
    language: application.language,
    archived: application.isArchived,
    created: application.createdAt.getTime(),
    last_seen: application.lastSeenAt.getTime(),
    tags: application.tags,
    total_modules: 1,
  }
}

/** Empty values mean absent, as public clients send them. */
function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
