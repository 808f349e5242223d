import { TeamServerError } from '../errors.ts'
import type {
  OrganizationRecord,
  OrganizationRole,
  PersonRecord,
  SystemRole,
} from '../store/records.ts'

const ORGANIZATION_ROLES: readonly string[] = ['view', 'edit', 'rules_admin', 'admin', 'auditor']
const SYSTEM_ROLES: readonly string[] = ['superadmin', 'observer']

/** A person as they are to be. What is left out is generated. */
export interface PersonSeed {
  /** `view`, `edit`, `rules_admin`, `admin` or `auditor`; `superadmin` and `observer` stand over all. */
  readonly role: OrganizationRole | SystemRole
  /** Unique in the TeamServer, without colon. Keep it short: some clients cut long credentials. */
  readonly userName?: string
  readonly serviceKey?: string
  /** A first password that somebody chose; it must obey the password policy. */
  readonly password?: string
  /** May call REST and may not sign in to the page. @default false */
  readonly isApiOnly?: boolean
}

/** What a role makes of a person. @throws `ERR_OPTION_INVALID` */
export function standing(
  role: string,
  organization: OrganizationRecord | undefined,
): Pick<PersonRecord, 'roles' | 'systemRole' | 'defaultOrganizationId'> {
  const home = organization === undefined ? {} : { defaultOrganizationId: organization.id }
  if (isSystemRole(role)) return { ...home, roles: new Map(), systemRole: role }
  if (!isOrganizationRole(role)) {
    const known = [...ORGANIZATION_ROLES, ...SYSTEM_ROLES].join(', ')
    throw new TeamServerError('ERR_OPTION_INVALID', `role must be one of ${known}`)
  }
  if (organization === undefined) {
    throw new TeamServerError('ERR_OPTION_INVALID', `the role ${role} needs an organization`)
  }
  return { ...home, roles: new Map([[organization.id, role]]) }
}

/** The name asked for; else `<role>@<organization>`, with a few random characters if that is taken. */
export function* userNames(
  seed: PersonSeed,
  organization: OrganizationRecord | undefined,
  uuid: () => string,
): Iterable<string> {
  if (seed.userName !== undefined) {
    if (typeof seed.userName !== 'string' || !/^[^:\p{Cc}\p{Cs}]{1,128}$/u.test(seed.userName)) {
      throw new TeamServerError(
        'ERR_OPTION_INVALID',
        'a user name must be 1 to 128 characters without colon and control characters',
      )
    }
    yield seed.userName
    return
  }
  // Short on purpose: `base64` wraps what is longer than 57 bytes, and shell clients are cut off.
  const name = seed.isApiOnly === true ? `api-${seed.role}` : seed.role
  const place =
    organization?.name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '')
      .slice(0, 10) ?? ''
  const base = `${name}${place === '' ? '' : `@${place}`}`
  yield base
  for (let attempt = 0; attempt < 8; attempt++) {
    yield `${name}-${uuid().slice(0, 6)}${place === '' ? '' : `@${place}`}`
  }
}

function isSystemRole(role: string): role is SystemRole {
  return SYSTEM_ROLES.includes(role)
}

/** True for a role that somebody has in one organization. */
export function isOrganizationRole(role: string): role is OrganizationRole {
  return ORGANIZATION_ROLES.includes(role)
}
