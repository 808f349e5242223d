import type { RequestLog } from '../request-log/request-log.ts'
import type { Store } from '../store/store.ts'
import type { ExchangeWatchers } from '../waiting/exchange-watchers.ts'

/** What the control API needs of a TeamServer. */
export interface ControlledServer {
  readonly store: Store
  readonly watchers: ExchangeWatchers
  readonly requestLog: RequestLog
  /** Ends whatever waits. */
  readonly closing: AbortSignal
}
