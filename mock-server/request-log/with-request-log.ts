import { API_BASE, ENGINE_PATHS, LONG_PATHS } from '../../sdk/wire/paths.ts'
import type { Core, ReadBody } from '../core/exchange.ts'
import { readTarget } from '../core/request-target.ts'
import type { OpenEntry, RequestLog } from './request-log.ts'

/** Puts a log of requests around a core. */
export function withRequestLog(core: Core, log: RequestLog): Core {
  return {
    ...core,
    async answer(head, readBody, note) {
      const target = readTarget(head.target)
      const path = target.status === 'read' ? target.path : ''
      const isShort = SHORT_ENGINE_CALLS.has(path)
      const isOfEngine = isShort || LONG_ENGINE_CALLS.test(path)
      const entry = log.begin(head, path, isShort)
      const answer = await core.answer(head, showing(readBody, entry, isOfEngine), note)
      entry.answered(answer, isOfEngine || answer.refusal !== undefined)
      return answer
    },
  }
}

/** Nothing is read before the caller is known, so a stranger's body is never kept. */
function showing(readBody: ReadBody, entry: OpenEntry, isShown: boolean): ReadBody {
  return async (limitBytes) => {
    const body = await readBody(limitBytes)
    if (body.status === 'read') entry.received(isShown ? body.bytes : undefined)
    return body
  }
}

/** True for a path that engines call, known or not. */
export function isEnginePath(path: string): boolean {
  return SHORT_ENGINE_CALLS.has(path) || LONG_ENGINE_CALLS.test(path)
}

const SHORT_ENGINE_CALLS: ReadonlySet<string> = new Set(
  Object.values(ENGINE_PATHS).map((path) => `${API_BASE}${path}`),
)

const LONG_ENGINE_CALLS = new RegExp(
  `^${API_BASE}(?:${Object.values(LONG_PATHS)
    .map((path) => path.replace(':org', '[^/]+'))
    .join('|')})$`,
)
