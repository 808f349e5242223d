// One line for each *Request in security.schema.json: its validator, typed by what it lets through.
import type { Validator } from '../../messages/validators.generated.js'
import type { IPRangeMessage } from './messages.ts'

export const IPRangeRequest: Validator<IPRangeMessage>
