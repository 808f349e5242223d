/**
 * What a password must be made of and how long things last.
 *
 * @see the form of 2017: Password Strength, Minimum Length, Password Expiration, Login Lockout, Idle
 * Timeout, Session Timeout; field names of `PasswordPolicyResource`.
 */
export interface PasswordPolicy {
  /** Characters, at least. 1 to 1 024. */
  readonly minLength: number
  readonly minUpperCase: number
  readonly minLowerCase: number
  readonly minNumbers: number
  /** Visible ASCII that is no letter and no digit, at least. */
  readonly minSymbols: number
  /** Failed logins in a row after which a person is locked. 0 locks nobody. */
  readonly lockoutAttempts: number
  /** Of a login session without a request. */
  readonly idleTimeoutMs: number
  /** Of a login session whatever happens. */
  readonly sessionTimeoutMs: number
}

/** The values that the documented form shows: Strong, 8 characters, 3 attempts, 15 minutes, 8 hours. */
export const DEFAULT_PASSWORD_POLICY: PasswordPolicy = {
  minLength: 8,
  minUpperCase: 1,
  minLowerCase: 1,
  minNumbers: 1,
  minSymbols: 1,
  lockoutAttempts: 3,
  idleTimeoutMs: 900_000,
  sessionTimeoutMs: 28_800_000,
}
