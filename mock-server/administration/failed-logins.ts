import { printable } from '../printable.ts'
import type { PersonRecord } from '../store/records.ts'
import type { AdministrationParts } from './parts.ts'

/** Passwords that were wrong. */
export interface FailedLogins {
  /** One more in a row: past what the policy allows, the person is locked and signed out. */
  count(person: PersonRecord): Promise<void>
}

export function createFailedLogins({
  store,
  sessions,
  now,
  remark,
}: AdministrationParts): FailedLogins {
  return {
    async count(person) {
      const { lockoutAttempts } = (await store.systemSettings()).passwordPolicy
      let isLockedNow = false
      await store.changeCaller(person, (before) => {
        // Nobody can sign in as these: there is nothing to guess, and no reason to lock them.
        isLockedNow = false
        if (before.lock !== undefined || !before.isEnabled || before.isApiOnly) return before
        const failedLogins = before.failedLogins + 1
        isLockedNow = lockoutAttempts > 0 && failedLogins >= lockoutAttempts
        if (!isLockedNow) return { ...before, failedLogins }
        return { ...before, failedLogins, lock: { at: now(), by: 'policy' } }
      })
      if (!isLockedNow) return
      await sessions.closeAllOf(person.userName)
      // Anyone can cause it, so it stands with what callers cause.
      await remark(person.defaultOrganizationId, {
        at: now(),
        kind: 'notice',
        reason: 'person-locked-by-policy',
        detail: printable(
          `locked ${person.userName} after ${lockoutAttempts} failed logins in a row`,
          512,
        ),
        claimedUserName: printable(person.userName, 128),
      })
    },
  }
}
