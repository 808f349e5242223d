/** One line of a request's head. A value's characters stand for bytes. */
export type HeaderLine = readonly [name: string, value: string]

/** A request as a sender means it, before a door carries it. */
export interface SentRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** In order; a name may stand in several lines. */
  readonly headers: readonly HeaderLine[]
  readonly body?: string
}

/** What came back. */
export interface ReceivedAnswer {
  readonly status: number
  /** By lower-case name, without `date`. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Whether the request went over a connection that had served one before. */
  readonly isConnectionReused: boolean
}

/** The whole answer as one text: two that are byte-identical give the same. */
export function bytesOf({ status, headers, body }: ReceivedAnswer): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [status, ...lines, '', Buffer.from(body).toString('latin1')].join('\r\n')
}

export function jsonOf({ body }: ReceivedAnswer): unknown {
  return JSON.parse(Buffer.from(body).toString('utf8'))
}

/** The ids of the reports in a request. */
export function idsIn({ body = '' }: SentRequest): readonly unknown[] {
  return JSON.parse(body).reports.map(({ id }: { readonly id: unknown }) => id)
}

/** The request with another body, made of its own. */
export function withBody(
  request: SentRequest,
  change: (document: { readonly reports: readonly object[] }) => object,
): SentRequest {
  return { ...request, body: JSON.stringify(change(JSON.parse(request.body ?? ''))) }
}
