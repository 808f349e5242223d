import type { AnswerStream, Core } from '../core/exchange.ts'
import type { LoggedRequest } from '../request-log/logged-request.ts'
import type { RequestLog } from '../request-log/request-log.ts'
import type { OrganizationRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { ExchangeWatchers } from '../waiting/exchange-watchers.ts'
import type { Changes } from './changes.ts'
import { type ForgedOutcome, type Loot, playForgedAttempts } from './forged-attempts.ts'
import { organizationStream } from './organization-stream.ts'
import type { StillAllowed } from './still-allowed.ts'

/** What people see of an organization while it happens. */
export interface Live {
  /** Server-sent events, until the reader leaves or may not look any more. */
  stream(terms: LiveTerms): AnswerStream
  /** A request of the organization, if it is still kept. */
  request(organizationId: string, id: number): LoggedRequest | undefined
  /** Tries to get forged reports into an organization, in by the same door as everybody. */
  forge(organization: OrganizationRecord, loot: Loot): Promise<readonly ForgedOutcome[]>
}

export interface LiveTerms {
  readonly organizationId: string
  /** With each request: goes on behind this place, as far as the log reaches. */
  readonly exchangesAfter: number | undefined
  /** Asked again and again, since a stream outlives the decision that opened it. */
  readonly stillAllowed: StillAllowed
}

export interface LiveParts {
  readonly requestLog: RequestLog
  readonly watchers: ExchangeWatchers
  readonly changes: Changes
  readonly store: Store
  /** What everybody's requests go through. */
  readonly answer: Core['answer']
  readonly uuid: () => string
}

export function createLive(parts: LiveParts): Live {
  const { requestLog } = parts
  return {
    stream: (terms) => (leaving) => organizationStream(parts, terms, leaving),
    request: (organizationId, id) =>
      requestLog.list().find((each) => each.id === id && each.organizationId === organizationId),
    forge: (organization, loot) => playForgedAttempts(parts, organization, loot),
  }
}
