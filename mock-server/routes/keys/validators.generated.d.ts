// One line for each *Request in keys.schema.json: its validator, typed by what it lets through.
import type { Validator } from '../../messages/validators.generated.js'
import type {
  ApiKeyChangeMessage,
  KeyPolicyMessage,
  KeyRotationMessage,
  NewAgentKeyMessage,
} from './messages.ts'

export const ApiKeyChangeRequest: Validator<ApiKeyChangeMessage>
export const KeyRotationRequest: Validator<KeyRotationMessage>
export const NewAgentKeyRequest: Validator<NewAgentKeyMessage>
export const KeyPolicyRequest: Validator<KeyPolicyMessage>
