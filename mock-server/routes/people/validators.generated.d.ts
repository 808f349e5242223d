// One line for each *Request in people.schema.json: its validator, typed by what it lets through.
import type { Validator } from '../../messages/validators.generated.js'
import type {
  LoginMessage,
  NewUserMessage,
  PasswordChangeMessage,
  PasswordPolicyMessage,
  ServiceKeyRotationMessage,
  UserEnabledMessage,
  UserRoleMessage,
} from './people-messages.ts'

export const LoginRequest: Validator<LoginMessage>
export const PasswordChangeRequest: Validator<PasswordChangeMessage>
export const PasswordPolicyRequest: Validator<PasswordPolicyMessage>
export const ServiceKeyRotationRequest: Validator<ServiceKeyRotationMessage>
export const NewUserRequest: Validator<NewUserMessage>
export const UserEnabledRequest: Validator<UserEnabledMessage>
export const UserRoleRequest: Validator<UserRoleMessage>
