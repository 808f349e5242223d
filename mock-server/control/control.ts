import { timingSafeEqual } from 'node:crypto'
import { BlockList } from 'node:net'
import { AUTHORIZATION } from '../../sdk/wire/headers.ts'
import type { Answer, Core, RequestHead } from '../core/exchange.ts'
import { decodeSegment, readTarget } from '../core/request-target.ts'
import type { Keyring } from '../keys/keyring.ts'
import type { Store } from '../store/store.ts'
import { listRefusals, listReports } from './listings.ts'

/** What the control API stands under, beside `/Contrast`. */
export const CONTROL_BASE = '/control'

export interface ControlParts {
  readonly core: Core
  readonly store: Store
  readonly keyring: Keyring
  /** Given to whoever started the TeamServer; 128 bits or more. */
  readonly token: string
  /** Told of an error that is ours; the caller only hears that there was one. */
  readonly onError: (error: unknown) => void
}

const CONTROL_ROUTES: Readonly<
  Record<string, (store: Store, query: URLSearchParams) => Promise<Answer>>
> = {
  '/reports': listReports,
  '/refusals': listRefusals,
}

/**
 * Puts the control API in front of a core: what only a test needs. It answers callers on this
 * machine that hold its token, and no others; agent and personal credentials open nothing here.
 */
export function withControl({ core, store, keyring, token, onError }: ControlParts): Core {
  const expected = keyring.digest('control-token', token)

  async function answer(head: RequestHead, path: string, query: string): Promise<Answer> {
    const listing = Object.hasOwn(CONTROL_ROUTES, path) ? CONTROL_ROUTES[path] : undefined
    if (listing === undefined) return core.turnAway('route-unknown', head)
    if (head.method !== 'GET') {
      const refused = await core.turnAway('method-refused', head)
      return { ...refused, headers: { ...refused.headers, allow: 'GET' } }
    }
    if (!isLoopback(head.remoteAddress)) return core.turnAway('address-refused', head)
    const header = head.header(AUTHORIZATION)
    if (header === undefined || header === '') return core.turnAway('credentials-missing', head)
    const presented = keyring.digest('control-token', /^Bearer (.+)$/i.exec(header)?.[1] ?? '')
    if (!timingSafeEqual(presented, expected)) return core.turnAway('credentials-wrong', head)
    return listing(store, new URLSearchParams(query))
  }

  return {
    ...core,
    async answer(head, readBody) {
      const target = readTarget(head.target)
      if (target.status !== 'read') return core.answer(head, readBody)
      const { path, query } = target
      const isControl = path === CONTROL_BASE || path.startsWith(`${CONTROL_BASE}/`)
      if (!isControl) return core.answer(head, readBody)
      const inside = decodeSegment(path.slice(CONTROL_BASE.length + 1)) ?? ''
      try {
        return await answer(head, `/${inside}`, query)
      } catch (error) {
        onError(error)
        return core.turnAway('internal-error', head)
      }
    },
  }
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  return LOOPBACK.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4')
}
