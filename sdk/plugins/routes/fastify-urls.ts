import diagnosticsChannel from 'node:diagnostics_channel'

/** Published by fastify 5 before it calls a route's handler. */
const CHANNEL = 'tracing:fastify.request.handler:start'

/** Remembers which fastify route a request of node:http was given to. */
export interface FastifyUrls {
  /** The route's URL as it was written, such as `/orders/:id`. */
  of(request: object): string | undefined
  stop(): void
}

/** @see https://fastify.dev/docs/latest/Reference/Hooks/#diagnostics-channel-hooks */
export function createFastifyUrls(): FastifyUrls {
  const urls = new WeakMap<object, string>()
  const remember = (message: unknown) => {
    try {
      const { request, route } = message as Partial<HandlerStart>
      // The handler of what was not found has no URL.
      if (typeof route?.url !== 'string' || typeof request?.raw !== 'object') return
      if (request.raw !== null) urls.set(request.raw, route.url)
    } catch {
      // Anybody may publish anything here, and what a subscriber throws would end the host.
    }
  }
  diagnosticsChannel.subscribe(CHANNEL, remember)
  return {
    of: (request) => urls.get(request),
    stop() {
      diagnosticsChannel.unsubscribe(CHANNEL, remember)
    },
  }
}

interface HandlerStart {
  readonly request: { readonly raw?: object | null } | null
  readonly route: { readonly url?: unknown } | null
}
