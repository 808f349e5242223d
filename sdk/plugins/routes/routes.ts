import diagnosticsChannel from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { definePlugin, type Plugin, type PluginContext, type PluginRun } from '../plugin.ts'
import { createExpressPatterns, type ExpressRequest } from './express-patterns.ts'
import { createFastifyUrls } from './fastify-urls.ts'
import { createPathFolds } from './path-folds.ts'
import { createTally, type Framework, type Pattern } from './tally.ts'

/** Published by node:http and node:https when the last byte of an answer was handed over. */
const CHANNEL = 'http.server.response.finish'

/**
 * Counts the requests that the application answered, by route, method and status, and reports the
 * counts each activity period. A period without requests is not reported.
 *
 * The route's pattern comes from express 4 and 5 and from fastify 5; otherwise it is the path with
 * ids folded. Past 1 000 patterns, and for 4xx answers to what no route took, it is `*`: somebody
 * who tries addresses makes no patterns. Requests that end without an answer, upgrades and HTTP/2
 * are not counted.
 */
export function routes(): Plugin {
  return definePlugin({ name: 'routes', start: (context) => createRoutesRun(context) })
}

export function createRoutesRun(
  context: Pick<PluginContext, 'activityPeriodMs' | 'every' | 'logger' | 'report'>,
  { limitPatterns = 1_000, now = Date.now }: { limitPatterns?: number; now?: () => number } = {},
): PluginRun {
  const tally = createTally(limitPatterns)
  const fold = createPathFolds()
  const expressPatternOf = createExpressPatterns(tally, fold)
  const fastifyUrls = createFastifyUrls()
  let hasFailed = false
  let periodBeganAt = now()

  function patternOf(request: SeenRequest, method: string, status: number): Pattern {
    if (isExpressRouted(request)) return expressPatternOf(request)
    const fastifyUrl = fastifyUrls.of(request)
    if (fastifyUrl !== undefined) return tally.obtain('fastify', fastifyUrl)

    const framework: Framework = typeof request.app === 'function' ? 'express' : 'http'
    const url = request.originalUrl ?? request.url ?? ''
    const end = url.indexOf('?')
    const text = fold(end === -1 ? url : url.slice(0, end)) || '/'
    if (status < 400 || status >= 500) return tally.obtain(framework, text)
    const known = tally.find(framework, text)
    return known?.counters.has(method) ? known : tally.rest(framework)
  }

  function count(message: unknown): void {
    try {
      const { request, response } = message as Answered
      const method = request.method ?? ''
      const status = response.statusCode
      tally.count(patternOf(request, method, status), method, status)
    } catch {
      // What a subscriber throws would end the host; a request that looks like no other is not worth it.
      if (!hasFailed) context.logger.debug('a request could not be counted')
      hasFailed = true
    }
  }

  function handOver(): void {
    const { discovered, observed } = tally.drain()
    const since = periodBeganAt
    periodBeganAt = now()
    for (const { pattern, method } of discovered) {
      context.report({
        type: 'route',
        state: 'discovered',
        method,
        pattern: pattern.text,
        framework: pattern.framework,
      })
    }
    for (const { pattern, method, status, count } of observed) {
      context.report({
        type: 'route',
        state: 'observed',
        method,
        pattern: pattern.text,
        status,
        count,
        since,
        until: periodBeganAt,
        framework: pattern.framework,
      })
    }
  }

  diagnosticsChannel.subscribe(CHANNEL, count)
  const stopTimer = context.every(() => context.activityPeriodMs, handOver)

  return {
    flush: handOver,
    stop() {
      diagnosticsChannel.unsubscribe(CHANNEL, count)
      fastifyUrls.stop()
      stopTimer()
    },
  }
}

interface Answered {
  readonly request: SeenRequest
  readonly response: ServerResponse
}

/** A request of node:http, with what express may have put on it. */
type SeenRequest = IncomingMessage & Partial<ExpressRequest> & { readonly app?: unknown }

function isExpressRouted(request: SeenRequest): request is SeenRequest & ExpressRequest {
  return (
    typeof request.route === 'object' && request.route !== null && request.originalUrl !== undefined
  )
}
