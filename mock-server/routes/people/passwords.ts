import { refusal } from '../../core/answer.ts'
import { TeamServerError } from '../../errors.ts'
import type { PasswordPolicy } from '../../passwords/password-policy.ts'
import { clearedSessionCookie } from '../../sessions/login-sessions.ts'
import { done } from '../done.ts'
import { answering } from '../refuse-errors.ts'
import { personRoute, personRouteWithBody } from '../route.ts'
import type { PasswordPolicyMessage } from './people-messages.ts'
import { PasswordChangeRequest, PasswordPolicyRequest } from './validators.generated.js'

/** The documented name of each rule; of the timeouts there is none. */
const DOCUMENTED_NAMES = {
  minLength: 'min_length',
  minUpperCase: 'min_upper',
  minLowerCase: 'min_lower',
  minNumbers: 'min_numbers',
  minSymbols: 'min_symbols',
  lockoutAttempts: 'passwords_failed_attempts',
  idleTimeoutMs: 'idleTimeoutMs',
  sessionTimeoutMs: 'sessionTimeoutMs',
} as const satisfies Record<keyof PasswordPolicy, keyof PasswordPolicyMessage>

const NAMES = Object.entries(DOCUMENTED_NAMES) as [
  keyof PasswordPolicy,
  keyof PasswordPolicyMessage,
][]

const TIMEOUTS: readonly string[] = ['idleTimeoutMs', 'sessionTimeoutMs']

/** What the documented object holds and the mock does not enforce. */
const NOT_ENFORCED = {
  password_expiration_days: 0,
  lock_unused_accounts: 0,
  password_history: false,
  passwords_retained: 0,
  password_check_diff_chars: false,
  password_min_diff_chars: 0,
  password_check_min_change_time: false,
  password_min_change_time: 0,
}

/** Shows what a password must be made of. */
export const showOwnPasswordPolicy = personRoute({
  method: 'GET',
  path: '/ng/profile/passwordpolicy',
  access: 'every-person',
  description: {
    summary: 'Show what a password must be made of',
    isOurs: false,
    answer: 'PasswordPolicyAnswer',
  },
  answer: async ({ administration }) =>
    shown(
      await administration.passwords.policy(),
      NAMES.filter(([name]) => !TIMEOUTS.includes(name)),
    ),
})

/** Shows the whole policy, timeouts included. */
export const showPasswordPolicy = personRoute({
  method: 'GET',
  path: '/ng/superadmin/security/password-policy',
  access: 'superadmin',
  description: {
    summary: 'Show the password policy and the timeouts of sessions',
    isOurs: true,
    answer: 'PasswordPolicyAnswer',
  },
  answer: async ({ administration }) => shown(await administration.passwords.policy()),
})

/** Changes the policy, as a whole or not at all. */
export const changePasswordPolicy = personRouteWithBody({
  method: 'PUT',
  path: '/ng/superadmin/security/password-policy',
  access: 'superadmin',
  description: {
    summary: 'Change the password policy and the timeouts of sessions',
    isOurs: true,
    request: 'PasswordPolicyRequest',
    answer: 'PasswordPolicyAnswer',
  },
  validator: PasswordPolicyRequest,
  answer: ({ message, administration, actor }) =>
    answering(async () => {
      const change = Object.fromEntries(
        NAMES.flatMap(([name, documented]) => {
          const value = message[documented]
          return value === undefined ? [] : [[name, value]]
        }),
      )
      const policy = administration.passwords.setPolicy(change, actor)
      return shown(await policy.catch((error) => Promise.reject(inDocumentedWords(error))))
    }),
})

/** Replaces the caller's own password, which signs them out everywhere. */
export const changePassword = personRouteWithBody({
  method: 'PUT',
  path: '/ng/profile/password',
  access: 'every-person',
  description: {
    summary: 'Change the password of the caller; ends all of their sessions',
    isOurs: false,
    request: 'PasswordChangeRequest',
    answer: 'DoneAnswer',
  },
  validator: PasswordChangeRequest,
  answer: ({ person, message, isSecure, administration, actor }) =>
    answering(async () => {
      const passwords =
        'old_password' in message
          ? { current: message.old_password, next: message.new_password }
          : message
      const isRight = await administration.passwords.change(person, passwords, actor)
      if (!isRight) return refusal('login-refused', { detail: 'password-wrong' })
      return done({}, { 'set-cookie': clearedSessionCookie(isSecure) })
    }),
})

function shown(policy: PasswordPolicy, names = NAMES) {
  return done({
    policy: {
      ...Object.fromEntries(names.map(([name, documented]) => [documented, policy[name]])),
      ...NOT_ENFORCED,
    },
  })
}

/** The caller knows the rules by their documented names. */
function inDocumentedWords(error: unknown): unknown {
  if (!(error instanceof TeamServerError)) return error
  const message = NAMES.reduce(
    (text, [name, documented]) => text.replaceAll(name, documented),
    error.message,
  )
  return new TeamServerError(error.code, message)
}
