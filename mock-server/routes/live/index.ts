import type { Route } from '../route.ts'
import { playForgedAttempts } from './forged-attempts.ts'
import { showLiveRequest } from './live-request.ts'
import { watchExchanges, watchOrganization } from './live-stream.ts'

/** What happens in an organization, for people who look at the page. */
export const LIVE_ROUTES: readonly Route[] = [
  watchOrganization,
  watchExchanges,
  showLiveRequest,
  playForgedAttempts,
]
