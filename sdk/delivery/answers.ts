import type { Settings } from '../wire/messages.ts'

/** What the engine reads of TeamServer's answers. Each reader gives `undefined` for any other shape. */

export interface ReportsAnswer {
  /** Places in the batch, from 0, each once. */
  readonly rejected: readonly { readonly index: number; readonly reason: string }[]
}

/**
 * @param batch The answer has to name it: a portal that answers 202 to everything does not.
 * @param countReports What was sent: no place beyond it can be rejected.
 */
export function reportsAnswerReader(
  batch: string,
  countReports: number,
): (body: unknown) => ReportsAnswer | undefined {
  return (body) => {
    if (!isSuccess(body) || body.batch !== batch) return undefined
    const { added, known, rejected } = body
    if (!isCount(added) || !isCount(known) || !Array.isArray(rejected)) return undefined
    const places = new Map<number, string>()
    for (const entry of rejected as unknown[]) {
      if (!isObject(entry) || !isCount(entry.index) || entry.index >= countReports) return undefined
      const { reason } = entry
      places.set(entry.index, typeof reason === 'string' ? reason.slice(0, 200) : 'no reason given')
    }
    return { rejected: [...places].map(([index, reason]) => ({ index, reason })) }
  }
}

export function readApplicationAnswer(body: unknown): { readonly name: string } | undefined {
  if (!isSuccess(body) || !isObject(body.application)) return undefined
  const { name } = body.application
  return typeof name === 'string' ? { name } : undefined
}

export interface SessionAnswer {
  readonly sessionId: string
  readonly settings: Settings
}

export function readSessionAnswer(body: unknown): SessionAnswer | undefined {
  if (!isSuccess(body) || !isObject(body.settings)) return undefined
  const { session_id: sessionId, settings } = body
  return typeof sessionId === 'string' && sessionId !== '' ? { sessionId, settings } : undefined
}

export function readHeartbeatAnswer(body: unknown): { readonly settings: Settings } | undefined {
  if (!isSuccess(body) || !isObject(body.settings)) return undefined
  return { settings: body.settings }
}

function isSuccess(body: unknown): body is Record<string, unknown> {
  return isObject(body) && body.success === true
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
