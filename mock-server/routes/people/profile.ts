import { refusal } from '../../core/answer.ts'
import type { OrganizationRecord, PersonRecord } from '../../store/records.ts'
import { done } from '../done.ts'
import { ALL_ROLES, personRoute, route } from '../route.ts'
import { organizationResource, rolesIn, userResource } from './resources.ts'

/** Shows who the caller is. */
const profileAt = (path: string) =>
  personRoute({
    method: 'GET',
    path,
    access: 'every-person',
    description: { summary: 'Show who the caller is', isOurs: false, answer: 'UserAnswer' },
    answer: async ({ person }) =>
      done({ user: userResource(person, person.defaultOrganizationId, person) }),
  })

export const showProfile = profileAt('/ng/profile')

/** As the page of a TeamServer asks. */
export const showCurrentUser = profileAt('/internal/ng/profile/current-user')

/** Shows what the caller may do, and where. */
export const showOwnRoles = personRoute({
  method: 'GET',
  path: '/ng/profile/roles',
  access: 'every-person',
  description: { summary: 'Show the roles of the caller', isOurs: false, answer: 'OwnRolesAnswer' },
  answer: async ({ person }) =>
    done({
      adminRole: person.systemRole ?? '',
      blockSuperAdmin: false,
      isImpersonating: false,
      isToggleEnabled: false,
      roles: [...person.roles].map(([id, role]) => ({ organization_uuid: id, role })),
    }),
})

/** Lists the organizations that the caller may see. */
export const listOwnOrganizations = personRoute({
  method: 'GET',
  path: '/ng/profile/organizations',
  access: 'every-person',
  description: {
    summary: 'List the organizations of the caller',
    isOurs: false,
    answer: 'OrganizationsAnswer',
  },
  async answer({ person, store }) {
    const own = (await store.organizations()).filter(
      ({ id }) => person.systemRole !== undefined || person.roles.has(id),
    )
    const shown = (isLocked: boolean) =>
      own
        .filter((each) => each.isLocked === isLocked)
        .map((each) => organizationResource(each, person))
    const organizations = shown(false)
    return done({ organizations, org_disabled: shown(true), count: organizations.length })
  },
})

/** Shows the organization in which calls without one in their path are meant. */
export const showDefaultOrganization = personRoute({
  method: 'GET',
  path: '/ng/profile/organizations/default',
  access: 'every-person',
  description: {
    summary: 'Show the default organization of the caller',
    isOurs: false,
    answer: 'OrganizationWithRolesAnswer',
  },
  async answer({ person, store }) {
    const { defaultOrganizationId: id } = person
    return withRoles(id === undefined ? undefined : await store.organization(id), person)
  },
})

/** Shows one organization of the caller. */
export const showOwnOrganization = personRoute({
  method: 'GET',
  path: '/ng/profile/organizations/:org',
  access: 'every-person',
  description: {
    summary: 'Show an organization of the caller',
    isOurs: false,
    answer: 'OrganizationWithRolesAnswer',
  },
  answer: async ({ person, parameters, store }) =>
    withRoles(await store.organization((parameters.org ?? '').toLowerCase()), person),
})

/** Makes an organization the one in which calls without one in their path are meant. */
export const changeDefaultOrganization = personRoute({
  method: 'PUT',
  path: '/ng/profile/:org/default',
  access: 'every-person',
  description: {
    summary: 'Make this the default organization of the caller',
    isOurs: false,
    answer: 'DoneAnswer',
  },
  async answer({ person, parameters, store, administration, actor }) {
    const organization = await store.organization((parameters.org ?? '').toLowerCase())
    if (organization === undefined) return refusal('not-available')
    await administration.people.setDefaultOrganization(person, organization, actor)
    return done()
  },
})

/** Shows an organization to those who belong to it. */
export const showOrganization = route({
  method: 'GET',
  path: '/ng/:org/organizations',
  access: { people: ALL_ROLES },
  description: {
    summary: 'Show the organization',
    isOurs: false,
    answer: 'OrganizationManagedAnswer',
  },
  async answer({ organization, caller: { record } }) {
    if (record.kind !== 'person') return refusal('role-refused', { detail: 'agent-on-rest' })
    return done({ organization: organizationResource(organization, record), managed: false })
  },
})

function withRoles(organization: OrganizationRecord | undefined, person: PersonRecord) {
  if (organization === undefined) return refusal('not-available')
  return done({
    organization: organizationResource(organization, person),
    roles: rolesIn(organization, person),
    enterprise: true,
  })
}
