import { createValue, type Value } from './value.ts'

/** What a change can be about. */
export type Topic = 'organization' | 'agent-keys' | 'system' | 'arrivals' | 'refusals'

const TOPICS: readonly Topic[] = ['organization', 'agent-keys', 'system', 'arrivals', 'refusals']

/** One request, as the list shows it. */
export interface LiveExchange {
  readonly id: number
  readonly at: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly isOfEngine: boolean
  readonly durationMs: number
  readonly refusal?: { readonly reason: string; readonly detail: string }
  readonly userName?: string
  readonly remoteAddress?: string
  readonly fault?: string
}

export type LiveStatus = 'closed' | 'connecting' | 'open'

/** The stream of what happens in an organization, while somebody looks. */
export interface LiveConnection {
  readonly status: Value<LiveStatus>
  /** Opens the stream of an organization in place of any other; undefined closes it. */
  follow(streamUrl: string | undefined): void
  /** Whether each request is to be told, from where it was left on; else changes alone. */
  wantExchanges(areWanted: boolean): void
  /** @returns Ends it. */
  onChange(follower: (topic: Topic) => void): () => void
  /** @returns Ends it. */
  onExchange(follower: (exchange: LiveExchange) => void): () => void
  /** Told that some requests are lost. @returns Ends it. */
  onGap(follower: () => void): () => void
}

export interface LiveParts {
  /** How long the login lasts, as the server sees it. */
  readonly onSession: (left: { readonly idleInMs: number; readonly endsInMs: number }) => void
  readonly onSessionEnded: (why: 'idle' | 'ended') => void
  /** The person may not see any more what they saw, or not from here. */
  readonly onRoleChanged: () => void
  /** What was told so far is of another organization. */
  readonly onOther: () => void
  /** The stream was refused: perhaps there is no session any more. */
  readonly onRefused: () => void
}

/** How long to wait after a stream that was refused. */
const AGAIN_MS = 2_000

export function createLiveConnection(parts: LiveParts): LiveConnection {
  const status = createValue<LiveStatus>('closed')
  const changes = new Set<(topic: Topic) => void>()
  const exchanges = new Set<(exchange: LiveExchange) => void>()
  const gaps = new Set<() => void>()
  let source: EventSource | undefined
  let followed: string | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let wasOpen = false
  let areExchangesWanted = false
  // The place of the latest request, as the server counts them.
  let lastPlace = '0'

  function close(): void {
    source?.close()
    source = undefined
    clearTimeout(again)
  }

  function open(base: string): void {
    close()
    status.set('connecting')
    const opened = new EventSource(
      areExchangesWanted ? `${base}/requests?after=${lastPlace}` : base,
    )
    source = opened
    opened.addEventListener('open', () => {
      status.set('open')
      // What was changed while nobody listened is read again.
      if (wasOpen) for (const topic of TOPICS) tell(changes, topic)
      wasOpen = true
    })
    opened.addEventListener('error', () => {
      if (source !== opened) return
      status.set('connecting')
      if (opened.readyState !== EventSource.CLOSED) return
      parts.onRefused()
      again = setTimeout(() => {
        if (followed !== undefined) open(followed)
      }, AGAIN_MS)
    })
    opened.addEventListener('change', ({ data }) => tell(changes, JSON.parse(data).about))
    opened.addEventListener('exchange', ({ data, lastEventId }) => {
      lastPlace = lastEventId
      tell(exchanges, JSON.parse(data))
    })
    opened.addEventListener('gap', () => tell(gaps, undefined))
    opened.addEventListener('session', ({ data }) => parts.onSession(JSON.parse(data)))
    opened.addEventListener('ended', ({ data }) => {
      follow(undefined)
      const { reason } = JSON.parse(data)
      if (reason === 'role-changed') parts.onRoleChanged()
      else parts.onSessionEnded(reason === 'session-idle' ? 'idle' : 'ended')
    })
  }

  function follow(url: string | undefined): void {
    if (url === followed) return
    followed = url
    wasOpen = false
    lastPlace = '0'
    parts.onOther()
    if (url === undefined) {
      close()
      status.set('closed')
    } else open(url)
  }

  return {
    status,
    follow,
    wantExchanges(areWanted) {
      if (areWanted === areExchangesWanted) return
      areExchangesWanted = areWanted
      if (followed !== undefined) open(followed)
    },
    onChange: (follower) => added(changes, follower),
    onExchange: (follower) => added(exchanges, follower),
    onGap: (follower) => added(gaps, follower),
  }
}

function tell<Told>(followers: ReadonlySet<(told: Told) => void>, told: Told): void {
  for (const follower of followers) follower(told)
}

function added<Follower>(followers: Set<Follower>, follower: Follower): () => void {
  followers.add(follower)
  return () => followers.delete(follower)
}
