import { createEventQueue } from '../live/event-queue.ts'
import type { AnsweredRequest, RequestLog } from '../request-log/request-log.ts'

export interface StreamTerms {
  /** Goes on behind this place, as far as the log reaches; undefined begins with what comes. */
  readonly after: number | undefined
  readonly isWanted: (answered: AnsweredRequest) => boolean
  /** What may wait for a reader. @default 1_048_576 characters */
  readonly limitCharacters?: number
  /** How often a comment shows that the connection lives. @default 15_000 */
  readonly heartbeatMs?: number
}

/** How long a reader should wait before it comes again. */
const RETRY_MS = 1_000

/**
 * Each answered request as an event of a server-sent stream, its place as id.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function* exchangeStream(
  log: Pick<RequestLog, 'watch' | 'answeredAfter' | 'lastPlace'>,
  { after, isWanted, limitCharacters = 1_048_576, heartbeatMs = 15_000 }: StreamTerms,
  leaving: AbortSignal,
): AsyncGenerator<string> {
  const queue = createEventQueue(limitCharacters)
  // Both in one step: nothing is missed between what was and what comes.
  const stopWatching = log.watch((answered) => {
    if (isWanted(answered)) queue.push(eventOf(answered))
  })
  const before = after === undefined ? [] : log.answeredAfter(after)
  const missed = after === undefined ? 0 : (before[0]?.place ?? log.lastPlace + 1) - after - 1
  const heartbeat = setInterval(() => {
    if (queue.isEmpty) queue.push(': still here\n\n')
  }, heartbeatMs)
  leaving.addEventListener('abort', queue.end)
  if (leaving.aborted) queue.end()
  let lastId = after ?? log.lastPlace
  try {
    yield `retry: ${RETRY_MS}\n\n`
    if (missed > 0) yield plainEvent('gap', { missed })
    for (const answered of before.filter(isWanted)) {
      lastId = answered.place
      yield eventOf(answered)
    }
    for (;;) {
      const event = await queue.next()
      if (event === undefined) break
      lastId = Number(/^id: (\d+)/.exec(event)?.[1] ?? lastId)
      yield event
    }
    if (queue.isOverfull) yield plainEvent('dropped', { reason: 'reader-too-slow', lastId })
  } finally {
    clearInterval(heartbeat)
    stopWatching()
    leaving.removeEventListener('abort', queue.end)
  }
}

/** JSON has no line breaks of its own, so that one line is enough. */
function eventOf({ place, request }: AnsweredRequest): string {
  return `id: ${place}\nevent: exchange\ndata: ${JSON.stringify(request)}\n\n`
}

function plainEvent(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
