// One line for each *Request in inventory.schema.json: its validator, typed by what it lets through.
import type { Validator } from '../../messages/validators.generated.js'
import type {
  LibraryFilterMessage,
  LibraryTagsMessage,
  OneTagMessage,
  RouteCoverageFilterMessage,
  RouteHashesMessage,
  RouteSessionMessage,
  SbavMessage,
  SecurityControlMessage,
  ServerFilterMessage,
  ServerNameMessage,
  ServersMessage,
  ServerTagsMessage,
  SessionFilterMessage,
  WebhookMessage,
} from './messages.ts'

export const ServerFilterRequest: Validator<ServerFilterMessage>
export const ServerNameRequest: Validator<ServerNameMessage>
export const ServerTagsRequest: Validator<ServerTagsMessage>
export const ServersRequest: Validator<ServersMessage>
export const OneTagRequest: Validator<OneTagMessage>
export const LibraryFilterRequest: Validator<LibraryFilterMessage>
export const LibraryTagsRequest: Validator<LibraryTagsMessage>
export const RouteSessionRequest: Validator<RouteSessionMessage>
export const RouteCoverageFilterRequest: Validator<RouteCoverageFilterMessage>
export const RouteHashesRequest: Validator<RouteHashesMessage>
export const SessionFilterRequest: Validator<SessionFilterMessage>
export const SbavRequest: Validator<SbavMessage>
export const WebhookRequest: Validator<WebhookMessage>
export const SecurityControlRequest: Validator<SecurityControlMessage>
