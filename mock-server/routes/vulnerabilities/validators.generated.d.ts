// One line for each *Request in vulnerabilities.schema.json: its validator, typed by what it lets through.
import type { Validator } from '../../messages/validators.generated.js'
import type {
  TraceNoteMessage,
  TraceSeverityUpdateMessage,
  VulnerabilityBaseMessage,
  VulnerabilityFilterMessage,
  VulnerabilityMarkMessage,
} from './messages.ts'

export declare const VulnerabilityFilterRequest: Validator<VulnerabilityFilterMessage>
export declare const VulnerabilitySnapshotFiltersRequest: Validator<VulnerabilityFilterMessage>
export declare const VulnerabilityMarkStatusRequest: Validator<VulnerabilityMarkMessage>
export declare const VulnerabilityBaseRequest: Validator<VulnerabilityBaseMessage>
export declare const TraceSeverityUpdateRequest: Validator<TraceSeverityUpdateMessage>
export declare const TraceNoteRequest: Validator<TraceNoteMessage>
