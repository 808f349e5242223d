import { TeamServerError } from '../errors.ts'
import { isSameKept } from '../passwords/kept-password.ts'
import {
  missedPasswordRules,
  mistakesInPasswordPolicy,
  type PasswordPolicy,
} from '../passwords/password-policy.ts'
import type { PersonRecord } from '../store/records.ts'
import { type Actor, act, IN_PROCESS } from './act.ts'
import type { FailedLogins } from './failed-logins.ts'
import type { AdministrationParts } from './parts.ts'

/** The passwords of people, and what they must be made of. */
export interface Passwords {
  policy(): Promise<PasswordPolicy>
  /**
   * Puts other rules in force, all of them or none; what is left out stays. Passwords of before
   * keep working.
   *
   * @throws `ERR_OPTION_INVALID`, naming every rule that cannot hold.
   */
  setPolicy(change: Partial<PasswordPolicy>, actor?: Actor): Promise<PasswordPolicy>
  /**
   * Replaces a person's password, which ends all of their sessions.
   *
   * @returns False when the current password is wrong, which counts as a failed login.
   * @throws `ERR_OPTION_INVALID`, naming every rule that the next one misses.
   */
  change(
    person: PersonRecord,
    passwords: { readonly current: string; readonly next: string },
    actor?: Actor,
  ): Promise<boolean>
}

export function createPasswords(
  { store, hashing, sessions, now, onSettingsChange }: AdministrationParts,
  failedLogins: FailedLogins,
): Passwords {
  const policy = async () => (await store.systemSettings()).passwordPolicy

  return {
    policy,
    async setPolicy(change, actor = IN_PROCESS) {
      const entry = act('password-policy-changed', 'changed the password policy', actor, now())
      const { passwordPolicy } = await store.changeSystemSettings((before) => {
        const passwordPolicy = { ...before.passwordPolicy, ...change }
        const mistakes = mistakesInPasswordPolicy(passwordPolicy)
        if (mistakes.length > 0) {
          throw new TeamServerError('ERR_OPTION_INVALID', mistakes.join(', '))
        }
        return { ...before, passwordPolicy }
      }, entry)
      onSettingsChange()
      return passwordPolicy
    },
    async change(person, { current, next }, actor = IN_PROCESS) {
      const rules = missedPasswordRules(next, await policy())
      if (rules.length > 0) {
        throw new TeamServerError('ERR_OPTION_INVALID', `the password ${rules.join(', ')}`)
      }
      if (!(await hashing.matches(person.password, current))) {
        await failedLogins.count(person)
        return false
      }
      const password = await hashing.keep(next)
      const entry = act(
        'password-changed',
        `changed the password of ${person.userName}`,
        actor,
        now(),
      )
      const after = await store.changeCaller(
        person,
        (before) => {
          // Somebody else may have changed it, or locked the person, while this was hashed.
          const isStill = isSameKept(before.password, person.password)
          if (isStill && before.isEnabled && before.lock === undefined) {
            return { ...before, password, failedLogins: 0 }
          }
          throw new TeamServerError('ERR_OPTION_INVALID', 'the person was changed meanwhile')
        },
        entry,
      )
      if (after === undefined) throw new TeamServerError('ERR_NOT_FOUND', 'no such person')
      await sessions.closeAllOf(person.userName)
      return true
    },
  }
}
