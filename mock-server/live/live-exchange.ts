import type { LoggedRequest } from '../request-log/logged-request.ts'
import type { AnsweredRequest } from '../request-log/request-log.ts'
import { isEnginePath } from '../request-log/with-request-log.ts'

/** One answered request in short: headers and bodies are asked for by who opens it. */
export interface LiveExchange {
  readonly id: number
  readonly at: Date
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

/** JSON has no line breaks of its own, so that one line is enough. */
export function exchangeEvent({ place, request }: AnsweredRequest): string {
  return `id: ${place}\nevent: exchange\ndata: ${JSON.stringify(inShort(request))}\n\n`
}

export function inShort(request: LoggedRequest): LiveExchange {
  const { id, receivedAt, method, path, userName, remoteAddress, answer } = request
  return {
    id,
    at: receivedAt,
    method,
    path,
    status: answer?.status ?? 0,
    isOfEngine: isEnginePath(path),
    durationMs: answer?.durationMs ?? 0,
    ...(answer?.refusal === undefined ? {} : { refusal: answer.refusal }),
    ...(userName === undefined ? {} : { userName }),
    ...(remoteAddress === undefined ? {} : { remoteAddress }),
    ...(answer?.fault === undefined ? {} : { fault: answer.fault }),
  }
}
