import { randomInt } from 'node:crypto'
import { TeamServerError } from '../errors.ts'
import { generateKey } from '../keys/generate-key.ts'
import { DEFAULT_KEY_POLICY } from '../keys/key-policy.ts'
import { rotateSlot } from '../keys/key-slot.ts'
import type { KeptPassword } from '../passwords/kept-password.ts'
import { missedPasswordRules } from '../passwords/password-policy.ts'
import type { OrganizationRecord, OrganizationRole, PersonRecord } from '../store/records.ts'
import { type Actor, act, IN_PROCESS } from './act.ts'
import type { AdministrationParts } from './parts.ts'
import { isOrganizationRole, type PersonSeed, standing, userNames } from './person-seed.ts'
import { type Rotation, readOverlapMs } from './secrets.ts'

/** A person that was just added; the password is shown this once. */
export interface AddedPerson {
  readonly record: PersonRecord
  readonly password: string
}

/** A person by their id or user name, and the organization whose member they are to be. */
export interface Member {
  readonly organizationId: string
  /** The id or the user name. */
  readonly uid: string
}

/**
 * Those who administer and read. What an administrator changes about a person who is signed in
 * holds from the answer on.
 */
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
  /** Those with a role in the organization, in the order they were added. */
  list(organizationId: string): Promise<readonly PersonRecord[]>
  /** @throws `ERR_NOT_FOUND` */
  find(member: Member): Promise<PersonRecord>
  /** Ends their sessions; their keys and password are refused. @throws `ERR_NOT_FOUND` */
  lock(member: Member, actor?: Actor): Promise<PersonRecord>
  /** Also after a lockout by policy, whose count begins anew. @throws `ERR_NOT_FOUND` */
  unlock(member: Member, actor?: Actor): Promise<PersonRecord>
  /** A person who is not enabled can do nothing; sessions end. @throws `ERR_NOT_FOUND` */
  setEnabled(member: Member, isEnabled: boolean, actor?: Actor): Promise<PersonRecord>
  /** Holds for the next call, also of an open session. @throws `ERR_NOT_FOUND`, `ERR_OPTION_INVALID` */
  setRole(member: Member, role: OrganizationRole, actor?: Actor): Promise<PersonRecord>
  /** Where the person's calls without an organization belong from now on. */
  setDefaultOrganization(
    person: PersonRecord,
    organization: OrganizationRecord,
    actor?: Actor,
  ): Promise<PersonRecord>
  /** Replaces the person's own service key by a generated one. @throws `ERR_OPTION_INVALID` */
  rotateServiceKey(person: PersonRecord, rotation?: Rotation, actor?: Actor): Promise<PersonRecord>
  /** The current service key in plain text. */
  reveal(person: PersonRecord): string
}

export function createPeople(parts: AdministrationParts): People {
  const { store, secrets, sessions, now, uuid } = parts

  async function list(organizationId: string): Promise<readonly PersonRecord[]> {
    const callers = await store.callers(organizationId)
    // A superadmin may have called the organization home and yet be no member of it.
    return callers.filter(
      (caller): caller is PersonRecord =>
        caller.kind === 'person' && caller.roles.has(organizationId),
    )
  }

  async function find({ organizationId, uid }: Member): Promise<PersonRecord> {
    const people = await list(organizationId)
    const found =
      people.find(({ userName }) => userName === uid) ??
      people.find(({ id }) => id === uid.toLowerCase())
    if (found === undefined) throw new TeamServerError('ERR_NOT_FOUND', 'no person of this name')
    return found
  }

  async function change(
    person: PersonRecord,
    [event, sentence]: readonly [event: string, sentence: string],
    actor: Actor,
    apply: (before: PersonRecord) => PersonRecord,
  ): Promise<PersonRecord> {
    const after = await store.changeCaller(person, apply, act(event, sentence, actor, now()))
    if (after === undefined) throw new TeamServerError('ERR_NOT_FOUND', 'no person of this name')
    return after
  }

  async function firstPassword(
    chosen: string | undefined,
  ): Promise<{ readonly password: string; readonly kept: KeptPassword }> {
    if (chosen === undefined) {
      // Kept as a fast digest, so its strength is not left to a policy that may be weak.
      const password = generateKey(DEFAULT_KEY_POLICY, randomInt)
      const digest = secrets.keyring.digest('password', password)
      return { password, kept: { kind: 'generated', digest } }
    }
    const { passwordPolicy } = await store.systemSettings()
    const rules =
      typeof chosen === 'string' ? missedPasswordRules(chosen, passwordPolicy) : ['must be text']
    if (rules.length > 0) {
      throw new TeamServerError('ERR_OPTION_INVALID', `the password ${rules.join(', ')}`)
    }
    return { password: chosen, kept: await parts.hashing.keep(chosen) }
  }

  return {
    async add(organization, seed, actor = IN_PROCESS) {
      const { role, isApiOnly = false } = seed
      const { password, kept } = await firstPassword(seed.password)
      const createdAt = now()
      const serviceKey =
        seed.serviceKey === undefined
          ? await secrets.generate('service-key')
          : await secrets.check('service-key', seed.serviceKey)
      const rest = {
        kind: 'person',
        id: uuid(),
        isApiOnly,
        serviceKey: secrets.slot('service-key', serviceKey, createdAt),
        password: kept,
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
      throw new TeamServerError('ERR_NAME_TAKEN', 'the user name is taken')
    },
    list,
    find,
    async lock(member, actor = IN_PROCESS) {
      const person = await find(member)
      const what = ['person-locked', `locked ${person.userName}`] as const
      const after = await change(person, what, actor, (before) => ({
        ...before,
        lock: { at: now(), by: 'administrator' },
      }))
      await sessions.closeAllOf(person.userName)
      return after
    },
    async unlock(member, actor = IN_PROCESS) {
      const person = await find(member)
      const what = ['person-unlocked', `unlocked ${person.userName}`] as const
      return change(person, what, actor, ({ lock: _lock, ...before }) => ({
        ...before,
        failedLogins: 0,
      }))
    },
    async setEnabled(member, isEnabled, actor = IN_PROCESS) {
      const person = await find(member)
      const what = isEnabled
        ? (['person-enabled', `enabled ${person.userName}`] as const)
        : (['person-disabled', `disabled ${person.userName}`] as const)
      const after = await change(person, what, actor, (before) => ({ ...before, isEnabled }))
      if (!isEnabled) await sessions.closeAllOf(person.userName)
      return after
    },
    async setRole(member, role, actor = IN_PROCESS) {
      if (!isOrganizationRole(role)) {
        throw new TeamServerError('ERR_OPTION_INVALID', 'no role of this name in an organization')
      }
      const person = await find(member)
      const what = ['role-changed', `made ${person.userName} ${role}`] as const
      return change(person, what, actor, (before) => ({
        ...before,
        roles: new Map([...before.roles, [member.organizationId, role]]),
      }))
    },
    async setDefaultOrganization(person, organization, actor = IN_PROCESS) {
      const sentence = `made ${organization.name} the default organization of ${person.userName}`
      return change(person, ['default-organization-changed', sentence], actor, (before) => ({
        ...before,
        defaultOrganizationId: organization.id,
      }))
    },
    async rotateServiceKey(person, rotation = {}, actor = IN_PROCESS) {
      const overlapMs = readOverlapMs(rotation)
      const next = secrets.keep('service-key', await secrets.generate('service-key'))
      const sentence = `rotated the service key of ${person.userName} with an overlap of ${overlapMs} ms`
      return change(person, ['service-key-rotated', sentence], actor, (before) => ({
        ...before,
        serviceKey: rotateSlot(before.serviceKey, next, overlapMs, now()),
      }))
    },
    reveal: (person) => secrets.reveal(person.serviceKey),
  }
}
