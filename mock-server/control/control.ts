import { timingSafeEqual } from 'node:crypto'
import { AUTHORIZATION } from '../../sdk/wire/headers.ts'
import { type AddressRanges, createAddressRanges } from '../addresses/address-ranges.ts'
import { json, refusal } from '../core/answer.ts'
import type { Answer, Core, ReadBody, RequestHead } from '../core/exchange.ts'
import type { Limits } from '../core/limits.ts'
import { readTarget } from '../core/request-target.ts'
import { TeamServerError } from '../errors.ts'
import type { Keyring } from '../keys/keyring.ts'
import { readJsonBody, readTextBody } from './body.ts'
import { checkedQuery } from './query.ts'
import type { ControlRoute } from './route.ts'
import { createControlRouteTable } from './route-table.ts'

/** What the control API stands under, beside `/Contrast`. */
export const CONTROL_BASE = '/control'

export interface ControlParts {
  readonly core: Core
  readonly routes: readonly ControlRoute[]
  readonly keyring: Keyring
  readonly limits: Limits
  /** Given to whoever started the TeamServer; 128 bits or more. */
  readonly token: string
  /** Peers that are let in beside this machine. */
  readonly from?: AddressRanges
  /** Told of an error that is ours; the caller only hears that there was one. */
  readonly onError: (error: unknown) => void
}

const THIS_MACHINE = createAddressRanges(['127.0.0.0/8', '::1'])

/**
 * Puts the control API in front of a core: what only a test needs. It answers callers on this
 * machine, or in the ranges that were named, that hold its token, and no others; agent and personal
 * credentials open nothing here.
 */
export function withControl(parts: ControlParts): Core {
  const { core, keyring, limits, onError } = parts
  const find = createControlRouteTable(parts.routes)
  const expected = keyring.digest('control-token', parts.token)
  const isLetIn = (address: string | undefined) =>
    THIS_MACHINE.includes(address) || parts.from?.includes(address) === true

  async function answer(
    head: RequestHead,
    readBody: ReadBody,
    path: string,
    query: string,
  ): Promise<Answer> {
    const found = find(head.method, path)
    if (found.status === 'path-unknown') return core.turnAway('route-unknown', head)
    if (found.status === 'method-refused') {
      const refused = await core.turnAway('method-refused', head)
      return { ...refused, headers: { ...refused.headers, allow: found.allow } }
    }
    if (!isLetIn(head.remoteAddress)) return core.turnAway('address-refused', head)
    const header = head.header(AUTHORIZATION)
    if (header === undefined || header === '') return core.turnAway('credentials-missing', head)
    const presented = keyring.digest('control-token', /^Bearer (.+)$/i.exec(header)?.[1] ?? '')
    if (!timingSafeEqual(presented, expected)) return core.turnAway('credentials-wrong', head)
    const { route, parameters } = found
    return route.answer({
      parameters,
      query: checkedQuery(query, route.query ?? []),
      readJson: () => readJsonBody(head, readBody, limits),
      readText: (limitBytes) => readTextBody(readBody, limitBytes),
      header: head.header,
    })
  }

  return {
    ...core,
    async answer(head, readBody, note) {
      const target = readTarget(head.target)
      if (target.status !== 'read') return core.answer(head, readBody, note)
      const { path, query } = target
      const isControl = path === CONTROL_BASE || path.startsWith(`${CONTROL_BASE}/`)
      if (!isControl) return core.answer(head, readBody, note)
      try {
        return await answer(head, readBody, path.slice(CONTROL_BASE.length), query)
      } catch (error) {
        const mistake = answerToMistake(error)
        if (mistake !== undefined) return mistake
        onError(error)
        return core.turnAway('internal-error', head)
      }
    },
  }
}

/** What the caller did wrong; undefined when the mistake is ours. */
function answerToMistake(error: unknown): Answer | undefined {
  if (!(error instanceof TeamServerError)) return undefined
  const where = error.message
  switch (error.code) {
    case 'ERR_OPTION_INVALID':
    case 'ERR_KEY_INVALID':
      return refusal('request-malformed', { where })
    case 'ERR_NOT_FOUND':
      return refusal('not-available', { where })
    case 'ERR_NAME_TAKEN':
      return json(409, { success: false, messages: [where], reason: 'name-taken' })
    case 'ERR_SNAPSHOT':
      return json(409, { success: false, messages: [where], reason: 'snapshot-refused' })
    default:
      return undefined
  }
}
