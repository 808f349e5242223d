import type { Administration } from '../administration/administration.ts'
import type { AddedPerson } from '../administration/people.ts'
import type { PersonSeed } from '../administration/person-seed.ts'
import type {
  OrganizationRecord,
  OrganizationRole,
  PersonRecord,
  SystemRole,
} from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { hidden } from './hidden.ts'

/** A person, with what they authenticate with. */
export interface PersonCredentials {
  readonly userName: string
  /** As generated; for signing in. */
  readonly password: string
  readonly serviceKey: string
  /** The value of `Authorization`. */
  readonly authorization: string
}

/** A person who is there already. Their password was shown when it was made, and never again. */
export interface KnownPerson extends Omit<PersonCredentials, 'password'> {
  readonly role: OrganizationRole | SystemRole
  /** A UUID. */
  readonly id: string
  readonly isApiOnly: boolean
  readonly isEnabled: boolean
  /** Since when and by whom, while they are locked. */
  readonly lock: PersonRecord['lock']
}

/** The people of one organization. */
export interface OrganizationPeople {
  addPerson(seed: PersonSeed): Promise<PersonCredentials>
  /** Those who have a role here, in the order in which they were added. */
  people(): Promise<readonly KnownPerson[]>
  person(userName: string): Promise<KnownPerson | undefined>
  /** Ends their sessions and refuses them from the answer on. @throws `ERR_NOT_FOUND` */
  lockPerson(userName: string): Promise<void>
  /** Also after a lockout by too many failed logins. @throws `ERR_NOT_FOUND` */
  unlockPerson(userName: string): Promise<void>
  /** @throws `ERR_NOT_FOUND` */
  enablePerson(userName: string): Promise<void>
  /** Ends their sessions and refuses them from the answer on. @throws `ERR_NOT_FOUND` */
  disablePerson(userName: string): Promise<void>
  /** Holds for their next call, also of an open session. @throws `ERR_NOT_FOUND`, `ERR_OPTION_INVALID` */
  setRole(userName: string, role: OrganizationRole): Promise<void>
}

/** @param read The organization as it is now. */
export function createOrganizationPeople(
  { store, administration }: { readonly store: Store; readonly administration: Administration },
  read: () => OrganizationRecord,
): OrganizationPeople {
  const { id } = read()
  const member = (uid: string) => ({ organizationId: id, uid })

  const people = async () =>
    (await store.callers(id)).flatMap((each) => {
      const role = each.kind === 'person' ? each.roles.get(id) : undefined
      return each.kind === 'agent' || role === undefined
        ? []
        : [knownPerson(administration, each, role)]
    })

  return {
    addPerson: async (seed) =>
      personCredentials(administration, await administration.people.add(read(), seed)),
    people,
    person: async (userName) => (await people()).find((each) => each.userName === userName),
    lockPerson: async (uid) => void (await administration.people.lock(member(uid))),
    unlockPerson: async (uid) => void (await administration.people.unlock(member(uid))),
    enablePerson: async (uid) => void (await administration.people.setEnabled(member(uid), true)),
    disablePerson: async (uid) => void (await administration.people.setEnabled(member(uid), false)),
    setRole: async (uid, role) => void (await administration.people.setRole(member(uid), role)),
  }
}

/** Hands out a person's credentials. */
export function personCredentials(
  administration: Administration,
  { record, password }: AddedPerson,
): PersonCredentials {
  const serviceKey = () => administration.people.reveal(record)
  return hidden({
    userName: () => record.userName,
    password: () => password,
    serviceKey,
    authorization: () => Buffer.from(`${record.userName}:${serviceKey()}`).toString('base64'),
  })
}

/** Shows what can be shown again of a person. */
export function knownPerson(
  administration: Administration,
  record: PersonRecord,
  role: OrganizationRole | SystemRole,
): KnownPerson {
  const serviceKey = () => administration.people.reveal(record)
  return hidden({
    role: () => role,
    id: () => record.id,
    isApiOnly: () => record.isApiOnly,
    isEnabled: () => record.isEnabled,
    lock: () => record.lock,
    userName: () => record.userName,
    serviceKey,
    authorization: () => Buffer.from(`${record.userName}:${serviceKey()}`).toString('base64'),
  })
}
