// One line for each *Request in exports.schema.json: its validator, typed by what it lets through.
import type { Validator } from '../../messages/validators.generated.js'
import type { AttestationMessage, SarifMessage } from './messages.ts'

export declare const AttestationRequest: Validator<AttestationMessage>
export declare const SarifRequest: Validator<SarifMessage>
