import type { OrganizationRole } from '../../store/records.ts'

export interface LoginMessage {
  readonly userName: string
  readonly password: string
}

/** In the documented words or in ours. */
export type PasswordChangeMessage =
  | { readonly old_password: string; readonly new_password: string }
  | { readonly current: string; readonly next: string }

/** In the documented words, as far as it is enforced, with the timeouts of sessions. */
export interface PasswordPolicyMessage {
  readonly min_length?: number
  readonly min_upper?: number
  readonly min_lower?: number
  readonly min_numbers?: number
  readonly min_symbols?: number
  readonly passwords_failed_attempts?: number
  readonly idleTimeoutMs?: number
  readonly sessionTimeoutMs?: number
}

export interface ServiceKeyRotationMessage {
  readonly overlapMs?: number
}

/** In the documented words or in ours; the role is there in one of them. */
export interface NewUserMessage {
  readonly role_name?: OrganizationRole
  readonly username?: string
  readonly api_only?: boolean
  readonly role?: OrganizationRole
  readonly userName?: string
  readonly isApiOnly?: boolean
}

export interface UserEnabledMessage {
  readonly enabled: boolean
}

export interface UserRoleMessage {
  readonly role: OrganizationRole
}
