import { TeamServerError } from '../errors.ts'
import type {
  OrganizationRecord,
  OrganizationRole,
  PersonRecord,
  SystemRole,
} from '../store/records.ts'
import { type Actor, act, IN_PROCESS } from './act.ts'
import type { AdministrationParts } from './parts.ts'

const ORGANIZATION_ROLES: readonly string[] = ['view', 'edit', 'rules_admin', 'admin', 'auditor']
const SYSTEM_ROLES: readonly string[] = ['superadmin', 'observer']

/** A person as they are to be. What is left out is generated. */
export interface PersonSeed {
  /** `view`, `edit`, `rules_admin`, `admin` or `auditor`; `superadmin` and `observer` stand over all. */
  readonly role: OrganizationRole | SystemRole
  /** Unique in the TeamServer, without colon. Keep it short: some clients cut long credentials. */
  readonly userName?: string
  readonly serviceKey?: string
  /** May call REST and may not sign in to the page. @default false */
  readonly isApiOnly?: boolean
}

/** A person that was just added; the password is shown this once. */
export interface AddedPerson {
  readonly record: PersonRecord
  readonly password: string
}

/** Those who administer and read. */
export interface People {
  /**
   * @param organization Where the person belongs; undefined for a superadmin or observer alone.
   * @throws `ERR_OPTION_INVALID`, `ERR_KEY_INVALID`, `ERR_NAME_TAKEN`
   */
  add(
    organization: OrganizationRecord | undefined,
    seed: PersonSeed,
    actor?: Actor,
  ): Promise<AddedPerson>
  /** The current service key in plain text. */
  reveal(person: PersonRecord): string
}

export function createPeople({ store, secrets, now, uuid }: AdministrationParts): People {
  return {
    async add(organization, seed, actor = IN_PROCESS) {
      const { role, isApiOnly = false } = seed
      const password = secrets.generate()
      const createdAt = now()
      const serviceKey =
        seed.serviceKey === undefined
          ? secrets.generate()
          : secrets.check('the service key', seed.serviceKey)
      const rest = {
        kind: 'person',
        isApiOnly,
        serviceKey: secrets.slot('service-key', serviceKey, createdAt),
        password: { kind: 'generated', digest: secrets.keyring.digest('password', password) },
        isEnabled: true,
        failedLogins: 0,
        createdAt,
        ...standing(role, organization),
      } as const
      for (const userName of userNames(seed, organization, uuid)) {
        const record: PersonRecord = { ...rest, userName }
        const entry = act('person-added', `added ${userName} as ${role}`, actor, now())
        if (await store.addCaller(record, entry)) return { record, password }
      }
      throw new TeamServerError('ERR_NAME_TAKEN', `the user name ${seed.userName} is taken`)
    },
    reveal: (person) => secrets.reveal(person.serviceKey),
  }
}

function standing(
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
function* userNames(
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

function isOrganizationRole(role: string): role is OrganizationRole {
  return ORGANIZATION_ROLES.includes(role)
}
