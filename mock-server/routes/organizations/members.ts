import { done } from '../done.ts'
import { applicationBase } from '../inventory/application-base.ts'
import { createLinkMaker } from '../listing/links.ts'
import { createQueryReader, pageOf } from '../listing/query.ts'
import { ADMIN_ONLY, ALL_ROLES, personRoute, route } from '../route.ts'

/** The roles that somebody can have in an organization, least first. */
const ROLES = ['view', 'edit', 'rules_admin', 'admin', 'auditor']

/** Lists the roles. */
export const listRoles = personRoute({
  method: 'GET',
  path: '/ng/roles',
  access: 'every-person',
  description: {
    summary: 'List the roles that somebody can have in an organization',
    isOurs: false,
    answer: 'RolesResponse',
  },
  answer: async () => done({ groups: ROLES.map((name, index) => ({ group_id: index + 1, name })) }),
})

/** Lists the administrators of an organization. */
export const listAdministrators = route({
  method: 'GET',
  path: '/ng/:org/organizations/administrators',
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'List the administrators of the organization',
    isOurs: false,
    answer: 'OrganizationAdminResponse',
    query: { expand: 'skip_links leaves links out' },
  },
  async answer({ organization, administration, query, address }) {
    const links = createLinkMaker(address, createQueryReader(query).expand())
    const people = await administration.people.list(organization.id)
    const administrators = people.filter(({ roles }) => roles.get(organization.id) === 'admin')
    return done({
      administrators: administrators.map(({ userName }) => ({
        name: userName,
        uid: userName,
        ...links(['self', `/ng/${organization.id}/users/${encodeURIComponent(userName)}`]),
      })),
    })
  },
})

/** Tells what the caller may do, and for which applications. */
export const listApplicationRoles = route({
  method: 'GET',
  path: '/ng/:org/organizations/application/roles',
  access: { people: ALL_ROLES },
  description: {
    summary: 'Tell what the caller may do with each application: what they may in the organization',
    isOurs: false,
    answer: 'ApplicationsRoleResponse',
    query: {
      q: 'Part of the name',
      limit: 'How many at most; all without it',
      offset: 'How many to leave out at the start',
      expand: 'skip_links leaves links out',
    },
  },
  async answer({ organization, caller: { record }, store, query, address }) {
    const reader = createQueryReader(query)
    const text = reader.text('q')?.toLowerCase() ?? ''
    const page = reader.page()
    const links = createLinkMaker(address, reader.expand())
    const refused = reader.refusal()
    if (refused !== undefined) return refused
    const found = (await store.applications(organization.id)).filter(({ name, displayName }) =>
      (displayName ?? name).toLowerCase().includes(text),
    )
    const role =
      record.kind === 'person'
        ? (record.roles.get(organization.id) ?? record.systemRole)
        : undefined
    return done({
      org_role: role ?? '',
      app_role: role ?? '',
      applications: pageOf(found, page).map((each) =>
        applicationBase(each, organization.id, links),
      ),
      total: found.length,
    })
  },
})

/** Shows the organization API key, as scripts ask for it that set up others. */
export const showApiKeyOfUsers = route({
  method: 'GET',
  path: '/ng/:org/users/keys/apikey',
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Show the organization API key',
    isOurs: false,
    answer: 'UserApiKeyResponse',
  },
  answer: async ({ organization, administration, caller: { record } }) =>
    done({ api_key: administration.apiKeys.reveal(organization), user_uid: record.userName }),
})
