import type { ChangeAbout } from './changes.ts'
import { createEventQueue, type EventQueue } from './event-queue.ts'
import type { LiveParts, LiveTerms } from './live.ts'
import { exchangeEvent } from './live-exchange.ts'
import type { EndReason, Standing } from './still-allowed.ts'

/** What may wait for a reader. */
const LIMIT_CHARACTERS = 1_048_576

/** How often it is looked whether the reader may still look, and what was noted meanwhile is told. */
const TICK_MS = 500

/** How many ticks without a word until a comment shows that the connection lives. */
const SILENT_TICKS = 30

/** By how much the end of a login may be off before it is told again. */
const TOLERANCE_MS = 1_500

/** How long a reader should wait before it comes again. */
const RETRY_MS = 1_000

/**
 * What happens in an organization, as server-sent events: `change` with what it is about, `session` with how
 * long the login lasts, `exchange` for each request where that was asked for, `gap` where some are lost,
 * and at last `ended` with why.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function* organizationStream(
  parts: LiveParts,
  { organizationId, exchangesAfter, stillAllowed }: LiveTerms,
  leaving: AbortSignal,
): AsyncGenerator<string> {
  const queue = createEventQueue(LIMIT_CHARACTERS)
  const noted = new Set<ChangeAbout>()
  const stops = [
    parts.changes.watch(organizationId, (about) => queue.push(changeEvent(about))),
    // Too many to be told one by one: each tick tells that there were some.
    parts.watchers.watch((event) => {
      if (event.organizationId !== organizationId) return
      noted.add(event.refusal === undefined ? 'arrivals' : 'refusals')
    }),
    ...(exchangesAfter === undefined ? [] : [followExchanges(parts, organizationId, queue)]),
  ]
  const past = exchangesAfter === undefined ? [] : pastEvents(parts, organizationId, exchangesAfter)
  const ticking = startTicking(queue, noted, stillAllowed)
  leaving.addEventListener('abort', queue.end)
  if (leaving.aborted) queue.end()
  try {
    yield `retry: ${RETRY_MS}\n\n`
    yield* past
    for (;;) {
      const event = await queue.next()
      if (event === undefined) break
      yield event
    }
    // The reader comes again, and goes on where it was, as far as the log reaches.
    if (queue.isOverfull) yield plainEvent('dropped', { reason: 'reader-too-slow' })
    const reason = ticking.endReason()
    if (reason !== undefined) yield plainEvent('ended', { reason })
  } finally {
    ticking.stop()
    for (const stop of stops) stop()
    leaving.removeEventListener('abort', queue.end)
  }
}

function followExchanges({ requestLog }: LiveParts, organizationId: string, queue: EventQueue) {
  return requestLog.watch((answered) => {
    if (answered.request.organizationId === organizationId) queue.push(exchangeEvent(answered))
  })
}

/** What is still kept of what came before. A place that is yet to come is one of an earlier TeamServer. */
function* pastEvents({ requestLog }: LiveParts, organizationId: string, place: number) {
  const after = place > requestLog.lastPlace ? 0 : place
  const kept = requestLog.answeredAfter(after)
  const missed = after === 0 ? 0 : (kept[0]?.place ?? requestLog.lastPlace + 1) - after - 1
  if (missed > 0) yield plainEvent('gap', {})
  for (const answered of kept) {
    if (answered.request.organizationId === organizationId) yield exchangeEvent(answered)
  }
}

function startTicking(
  queue: EventQueue,
  noted: Set<ChangeAbout>,
  stillAllowed: LiveTerms['stillAllowed'],
) {
  let endReason: EndReason | undefined
  let role: string | undefined
  let told: { readonly idleAtMs: number; readonly endsAtMs: number } | undefined
  let silentTicks = 0

  function tellSession({ idleInMs, endsInMs }: Extract<Standing, { status: 'allowed' }>): void {
    const nowMs = performance.now()
    const [idleAtMs, endsAtMs] = [nowMs + idleInMs, nowMs + endsInMs]
    const isOff =
      told === undefined ||
      Math.abs(told.idleAtMs - idleAtMs) > TOLERANCE_MS ||
      Math.abs(told.endsAtMs - endsAtMs) > TOLERANCE_MS
    if (!isOff) return
    told = { idleAtMs, endsAtMs }
    queue.push(plainEvent('session', { idleInMs, endsInMs }))
  }

  function end(reason: EndReason): void {
    endReason = reason
    queue.end()
  }

  async function tick(): Promise<void> {
    // An error inside a check ends it: nobody looks on by accident.
    const standing = await stillAllowed().catch(
      (): Standing => ({ status: 'ended', reason: 'session-ended' }),
    )
    if (standing.status === 'ended') return end(standing.reason)
    role ??= standing.role
    if (role !== standing.role) return end('role-changed')
    tellSession(standing)
    for (const about of noted) queue.push(changeEvent(about))
    noted.clear()
    silentTicks = queue.isEmpty ? silentTicks + 1 : 0
    if (silentTicks >= SILENT_TICKS) {
      silentTicks = 0
      queue.push(': still here\n\n')
    }
  }

  const timer = setInterval(() => void tick(), TICK_MS)
  void tick()
  return {
    stop: () => clearInterval(timer),
    endReason: () => endReason,
  }
}

function changeEvent(about: ChangeAbout): string {
  return plainEvent('change', { about })
}

function plainEvent(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
