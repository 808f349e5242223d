import type {
  ActivityReport,
  AttackReport,
  ComponentReport,
  CreateApplicationRequest as CreateApplicationMessage,
  CreateSessionRequest as CreateSessionMessage,
  FindingReport,
  HeartbeatRequest as HeartbeatMessage,
  LibraryReport,
  PreflightRequest as PreflightMessage,
  ReportBatchRequest as ReportBatchMessage,
  RouteReport,
} from '../../sdk/wire/messages.ts'

/** Why a value was not accepted; the first reason only. */
export interface ValidationError {
  readonly instancePath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
}

/** Says whether a value has the shape, and drops fields that the shape does not know. */
export interface Validator<Message> {
  (value: unknown): value is Message
  errors?: readonly ValidationError[] | null
}

export declare const CreateApplicationRequest: Validator<CreateApplicationMessage>
export declare const CreateSessionRequest: Validator<CreateSessionMessage>
export declare const PreflightRequest: Validator<PreflightMessage>
export declare const ReportBatchRequest: Validator<ReportBatchMessage>
export declare const HeartbeatRequest: Validator<HeartbeatMessage>
declare const FindingReportValidator: Validator<FindingReport>
declare const LibraryReportValidator: Validator<LibraryReport>
declare const RouteReportValidator: Validator<RouteReport>
declare const AttackReportValidator: Validator<AttackReport>
declare const ActivityReportValidator: Validator<ActivityReport>
declare const ComponentReportValidator: Validator<ComponentReport>

export {
  ActivityReportValidator as ActivityReport,
  AttackReportValidator as AttackReport,
  ComponentReportValidator as ComponentReport,
  FindingReportValidator as FindingReport,
  LibraryReportValidator as LibraryReport,
  RouteReportValidator as RouteReport,
}
