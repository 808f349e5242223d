import { HttpResponse, http, type RequestHandler } from 'msw'
import { TeamServerError } from '../errors.ts'
import type { TeamServer } from '../team-server/team-server.ts'

export interface MswOptions {
  /** Where requests are to come from; without one, address ranges refuse them. */
  readonly remoteAddress?: string
}

/**
 * Handlers for `setupServer()` of msw 2 and 3, which answer what is sent to an address with this
 * TeamServer, and nothing else: `onUnhandledRequest: 'error'` stays usable.
 *
 * msw sees `globalThis.fetch` and `node:http`; an engine is heard with
 * `createEngine({ fetch: (url, init) => fetch(url, init) })`.
 *
 * @param url Where the TeamServer seems to be: `https://teamserver.test`, with or without `/Contrast`.
 * @throws `ERR_OPTION_INVALID`
 */
export function teamServerHandlers(
  teamServer: Pick<TeamServer, 'handle'>,
  url: string,
  from: MswOptions = {},
): RequestHandler[] {
  return [
    http.all(`${originOf(url)}/Contrast/*`, async ({ request }) => {
      try {
        return await teamServer.handle(request, from)
      } catch (error) {
        // A fault of the connection. msw has one error for all of them, without a code.
        if (error instanceof TypeError) return HttpResponse.error()
        throw error
      }
    }),
  ]
}

function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const isAddress = parsed?.protocol === 'https:' || parsed?.protocol === 'http:'
  if (parsed === undefined || !isAddress || !/^\/(Contrast(\/api)?\/?)?$/.test(parsed.pathname)) {
    throw new TeamServerError(
      'ERR_OPTION_INVALID',
      'url must be an http or https address, such as https://teamserver.test/Contrast',
    )
  }
  return parsed.origin
}
