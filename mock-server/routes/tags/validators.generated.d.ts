// One line for each *Request in tags.schema.json: its validator, typed by what it lets through.
import type { Validator } from '../../messages/validators.generated.js'
import type {
  TagMessage,
  TagsApplicationsMessage,
  TagsApplicationsUpdateMessage,
  TagsTracesMessage,
  TagsTracesUpdateMessage,
  TagsVulnerabilitiesMessage,
} from './messages.ts'

export declare const TagRequest: Validator<TagMessage>
export declare const TagsVulnerabilitiesRequest: Validator<TagsVulnerabilitiesMessage>
export declare const TagsTracesRequest: Validator<TagsTracesMessage>
export declare const TagsTracesUpdateRequest: Validator<TagsTracesUpdateMessage>
export declare const TagsApplicationsRequest: Validator<TagsApplicationsMessage>
export declare const TagsApplicationsUpdateRequest: Validator<TagsApplicationsUpdateMessage>
