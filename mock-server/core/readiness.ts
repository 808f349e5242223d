import { json, refusal } from './answer.ts'
import type { Answer, Core, RequestHead } from './exchange.ts'
import { readTarget } from './request-target.ts'

/** Where anyone may ask whether the TeamServer is ready, without credentials. */
export const READY_PATH = '/ready'

/** Until it is ready, everybody is told to come back, and nothing is looked at. */
export function withReadiness(core: Core, isReady: () => boolean): Core {
  return {
    ...core,
    answer(head, readBody, note) {
      const ready = isReady()
      if (ready && !head.target.includes(READY_PATH)) return core.answer(head, readBody, note)
      return Promise.resolve(answerOf(head, ready) ?? core.answer(head, readBody, note))
    },
  }
}

/** What is answered in place of the core, if anything is. */
function answerOf({ method, target }: RequestHead, ready: boolean): Answer | undefined {
  const read = readTarget(target)
  if (read.status === 'read' && read.path === READY_PATH) {
    if (method === 'GET' || method === 'HEAD') return json(ready ? 200 : 503, { ready })
    return refusal('method-refused', { headers: { allow: 'GET, HEAD' } })
  }
  if (ready) return undefined
  const messages = ['The mock TeamServer is not ready yet.']
  return json(503, { success: false, messages }, { 'retry-after': '1' })
}
