import { json, refusal } from './answer.ts'
import type { Core } from './exchange.ts'
import { readTarget } from './request-target.ts'

/** Where anyone may ask whether the TeamServer is ready, without credentials. */
export const READY_PATH = '/ready'

/** Until it is ready, everybody is told to come back, and nothing is looked at. */
export function withReadiness(core: Core, isReady: () => boolean): Core {
  return {
    ...core,
    async answer(head, readBody, note) {
      const target = readTarget(head.target)
      const ready = isReady()
      if (target.status === 'read' && target.path === READY_PATH) {
        if (head.method === 'GET' || head.method === 'HEAD') {
          return json(ready ? 200 : 503, { ready })
        }
        return refusal('method-refused', { headers: { allow: 'GET, HEAD' } })
      }
      if (ready) return core.answer(head, readBody, note)
      const messages = ['The mock TeamServer is not ready yet.']
      return json(503, { success: false, messages }, { 'retry-after': '1' })
    },
  }
}
