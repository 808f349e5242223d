/** One request and its answer, for whoever wonders what happened. Never a secret. */
export interface LoggedRequest {
  /** 1, 2, 3 …; grows with each request of a TeamServer. */
  readonly id: number
  readonly receivedAt: Date
  /** How far it is: a request that is being delayed or half read is here already. */
  readonly state: 'receiving' | 'answering' | 'answered'
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** In the order of the wire, names in lower case. Values are shown where they hold no secret. */
  readonly headers: readonly LoggedHeader[]
  readonly remoteAddress?: string
  /** Absent where no organization can be told. */
  readonly organizationId?: string
  /** As it was claimed. */
  readonly userName?: string
  /** True where the caller is known and the second layer was asked for. */
  readonly isApiKeyAsked?: boolean
  /** What was sent, of the calls of engines alone: other bodies may hold passwords and keys. */
  readonly body?: LoggedBody
  /** Absent until it is answered. */
  readonly answer?: LoggedAnswer
}

export interface LoggedHeader {
  readonly name: string
  /** Absent where it may be secret. */
  readonly value?: string
}

export interface LoggedBody {
  /** On the wire. */
  readonly sizeBytes: number
  /** Inflated; cut at 64 KiB. */
  readonly text: string
}

export interface LoggedAnswer {
  readonly status: number
  readonly headers: readonly LoggedHeader[]
  readonly sizeBytes: number
  /** The body of an engine's answer and of every refusal; cut at 4 KiB. */
  readonly text?: string
  readonly durationMs: number
  /** The class and the true reason, when it was turned away. */
  readonly refusal?: { readonly reason: string; readonly detail: string }
  /** What was done to it on purpose. */
  readonly fault?: string
}
