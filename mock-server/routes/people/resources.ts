import type { OrganizationRecord, PersonRecord } from '../../store/records.ts'

/** The documented `UserResource`, as far as there is something to say. */
export function userResource(
  person: PersonRecord,
  organizationId: string | undefined,
  reader: PersonRecord,
) {
  const role = person.roles.get(organizationId ?? '')
  return {
    id: person.id,
    user_uid: person.userName,
    ...(role === undefined ? {} : { role: { name: role } }),
    ...(person.systemRole === undefined ? {} : { superadmin_role: person.systemRole }),
    api_only: person.isApiOnly,
    enabled: person.isEnabled,
    current_user: person.userName === reader.userName,
    status_description: statusOf(person),
    login: {
      failed_attempts: person.failedLogins,
      ...(person.lastLoginAt === undefined
        ? {}
        : { last_login_time: person.lastLoginAt.getTime() }),
      ...(person.lastLoginAddress === undefined
        ? {}
        : { last_host_address: person.lastLoginAddress }),
    },
    signup: { signup_date: person.createdAt.getTime() },
  }
}

function statusOf({ isEnabled, lock }: PersonRecord): string {
  if (!isEnabled) return 'inactive'
  if (lock === undefined) return 'active'
  return lock.by === 'policy' ? 'locked out by policy' : 'locked'
}

/** The documented `OrganizationResource`, as far as there is something to say. */
export function organizationResource(organization: OrganizationRecord, reader: PersonRecord) {
  return {
    organization_uuid: organization.id,
    name: organization.name,
    creation_time: organization.createdAt.getTime(),
    is_superadmin: reader.systemRole === 'superadmin',
    api_only: reader.isApiOnly,
    user_access: !organization.isLocked,
  }
}

/** What the reader is in an organization, in every way. */
export function rolesIn(organization: OrganizationRecord, reader: PersonRecord): readonly string[] {
  const role = reader.roles.get(organization.id)
  return [
    ...(role === undefined ? [] : [role]),
    ...(reader.systemRole === undefined ? [] : [reader.systemRole]),
  ]
}
