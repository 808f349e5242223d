import { isAddressIn } from '../addresses/address-ranges.ts'
import { isSameKept } from '../passwords/kept-password.ts'
import { printable } from '../printable.ts'
import type { OpenedSession } from '../sessions/login-sessions.ts'
import type { OrganizationRecord, PersonRecord } from '../store/records.ts'
import type { FailedLogins } from './failed-logins.ts'
import type { AdministrationParts } from './parts.ts'

/** What a person signs in with. */
export interface LoginAttempt {
  readonly userName: string
  readonly password: string
  /** Where it came from. */
  readonly remoteAddress: string | undefined
}

/** The true reason of a refused login. For the audit log; never on the wire. */
export type LoginDetail =
  | 'user-unknown'
  | 'password-wrong'
  | 'person-disabled'
  | 'person-locked'
  | 'api-only'
  | 'address-refused'

export type Login = {
  /** Undefined where nobody has the claimed name: it may be a password in the wrong field. */
  readonly userName: string | undefined
  readonly organizationId: string | undefined
} & (
  | { readonly status: 'open'; readonly session: OpenedSession }
  | {
      readonly status: 'refused'
      /** A refused address is told only to who knows the password, and only while it is not masked. */
      readonly reason: 'login-refused' | 'address-refused'
      readonly detail: LoginDetail
    }
)

/** People signing in and out. */
export interface Logins {
  /** Always one scrypt, whoever it is and whatever is wrong. */
  signIn(attempt: LoginAttempt): Promise<Login>
  /** Ends all sessions of a person: whoever signs out is gone everywhere. */
  signOut(person: { readonly userName: string }): Promise<void>
}

export function createLogins(
  { store, hashing, sessions, now, remark }: AdministrationParts,
  failedLogins: FailedLogins,
): Logins {
  /**
   * Lets the person in if nothing about them changed while the password was compared. The session
   * is there first: whoever locks or disables the person afterwards ends it too.
   */
  async function open(
    person: PersonRecord,
    remoteAddress: string | undefined,
  ): Promise<OpenedSession | LoginDetail> {
    const session = await sessions.open(person.userName, now())
    let objection: LoginDetail | undefined
    const after = await store.changeCaller(person, (before) => {
      objection = isSameKept(before.password, person.password)
        ? objectionTo(before)
        : 'password-wrong'
      if (objection !== undefined) return before
      const { lastLoginAddress: _last, ...rest } = before
      return {
        ...rest,
        failedLogins: 0,
        lastLoginAt: now(),
        ...(remoteAddress === undefined ? {} : { lastLoginAddress: remoteAddress }),
      }
    })
    if (after !== undefined && objection === undefined) return session
    await sessions.close(session)
    return objection ?? 'user-unknown'
  }

  return {
    async signIn({ userName, password, remoteAddress }) {
      const { caller, own } = await store.lookUp(userName, undefined)
      const person = caller?.kind === 'person' ? caller : undefined
      const about = { userName: person?.userName, organizationId: own?.id }
      const refused = (
        detail: LoginDetail,
        reason: 'login-refused' | 'address-refused' = 'login-refused',
      ): Login => ({ ...about, status: 'refused', reason, detail })

      const isRight = await hashing.matches(person?.password, password)
      if (person === undefined) return refused('user-unknown')
      const objection = objectionTo(person)
      if (!isRight) {
        await failedLogins.count(person)
        return refused(objection ?? 'password-wrong')
      }
      if (objection !== undefined) return refused(objection)
      if (!isAddressAllowed(own, remoteAddress)) {
        const { maskInvalidIpsOnLogin } = (await store.systemSettings()).keyPolicy
        return refused('address-refused', maskInvalidIpsOnLogin ? undefined : 'address-refused')
      }
      const opened = await open(person, remoteAddress)
      if (typeof opened === 'string') return refused(opened)
      await remark(own?.id, {
        at: now(),
        kind: 'notice',
        reason: 'login-accepted',
        detail: 'signed in',
        claimedUserName: printable(person.userName, 128),
        ...(remoteAddress === undefined ? {} : { remoteAddress }),
      })
      return { ...about, status: 'open', session: opened }
    },
    signOut: ({ userName }) => sessions.closeAllOf(userName),
  }
}

/** Why the right password is of no use to this person, if it is not. */
function objectionTo(person: PersonRecord): LoginDetail | undefined {
  if (!person.isEnabled) return 'person-disabled'
  if (person.lock !== undefined) return 'person-locked'
  return person.isApiOnly ? 'api-only' : undefined
}

function isAddressAllowed(
  organization: OrganizationRecord | undefined,
  remoteAddress: string | undefined,
): boolean {
  return organization === undefined || isAddressIn(organization.addressRanges.ranges, remoteAddress)
}
