import { setTimeout as sleepFor } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { AUTHORIZATION } from '../../sdk/wire/headers.ts'
import { API_BASE } from '../../sdk/wire/paths.ts'
import { decodeAuthorization } from '../authentication/authorization.ts'
import { content, json } from '../core/answer.ts'
import type { Disturbance } from '../core/disturbance.ts'
import type { Answer, BodyBytes, Core, FaultNote, ReadBody, RequestHead } from '../core/exchange.ts'
import type { Limits } from '../core/limits.ts'
import { readJson } from '../core/read-json.ts'
import { readTarget } from '../core/request-target.ts'
import type { Store } from '../store/store.ts'
import { drawDelayMs } from './delay-length.ts'
import type { Delay, Fault, ResetPoint } from './fault.ts'
import type { DrawnFault, FaultCandidate, FaultRegistry } from './faults.ts'

export interface WithFaultsParts {
  readonly core: Core
  readonly faults: FaultRegistry
  readonly store: Store
  readonly limits: Limits
  /** Ends every delay. */
  readonly closing: AbortSignal
}

/** Says on an answer what was done to it, so that nobody looks for the cause elsewhere. */
export const FAULT_HEADER = 'x-mock-teamserver-fault'

/** Puts faults between the doors and a core. Without rules it costs one look. */
export function withFaults({ core, faults, store, limits, closing }: WithFaultsParts): Core {
  const sleep = (ms: number) => sleepFor(ms, undefined, { signal: closing }).catch(() => undefined)

  async function spoil(
    { text, fault, random }: DrawnFault,
    head: RequestHead,
    readBody: ReadBody,
    organizationId: string | undefined,
  ): Promise<Answer> {
    const { delay } = fault
    const waitAt = async (point: Delay['at']) => {
      if (delay?.at === point) await sleep(drawDelayMs(delay.length, random))
    }
    await waitAt('request')
    const instead = answerInstead(fault)
    if (fault.kind === 'reset' && fault.at === 'request-body') await readBody(1)
    const note = { text, isAnswerLost: isAnswerLost(fault) }
    if (instead !== undefined) {
      core.noteFault(head, { ...note, status: instead.status, organizationId })
    }
    const answer = instead ?? (await core.answer(head, readBody, note))
    await waitAt('headers')
    const spoiled = fault.kind === 'truncated-gzip' ? truncated(answer) : answer
    const pause: Disturbance | undefined =
      delay?.at === 'body' ? { kind: 'pause', ms: drawDelayMs(delay.length, random) } : undefined
    const disturbance = disturbanceOf(fault) ?? pause
    return {
      ...spoiled,
      fault: text,
      ...(spoiled.about === undefined && { about: { organizationId } }),
      headers: { ...spoiled.headers, [FAULT_HEADER]: text.replace(/[^\x20-\x7e]/g, '?') },
      ...(disturbance && { disturbance }),
    }
  }

  async function answerSpoiled(
    head: RequestHead,
    readBody: ReadBody,
    note: FaultNote | undefined,
  ): Promise<Answer> {
    const target = readTarget(head.target)
    if (target.status !== 'read') return core.answer(head, readBody, note)
    const body = keeping(readBody)
    const candidate: FaultCandidate = {
      method: head.method,
      path: target.path,
      organizationId: () => organizationOf(head, target.path, store),
      async reports() {
        const read = await readJson(head, body.read, limits)
        return read.status === 'read' ? reportsIn(read.value) : []
      },
    }
    const drawn = await faults.draw(candidate)
    if (drawn === undefined) return core.answer(head, body.read, note)
    return spoil(drawn, head, body.read, await candidate.organizationId())
  }

  return {
    ...core,
    answer: (head, readBody, note) =>
      faults.isEmpty ? core.answer(head, readBody, note) : answerSpoiled(head, readBody, note),
  }
}

/** What is answered without looking at the request; undefined where it is looked at. */
function answerInstead(fault: Fault): Answer | undefined {
  switch (fault.kind) {
    case 'status': {
      const { status, retryAfter } = fault
      const headers: Record<string, string> =
        retryAfter === undefined ? {} : { 'retry-after': retryAfter }
      if (status === 204 || status === 304) return { ...content(status, 'text/plain', '', headers) }
      const document = { success: status < 400, messages: [`Answered ${status} on purpose.`] }
      return json(status, document, headers)
    }
    case 'portal':
      return content(200, 'text/html; charset=utf-8', '<title>Sign in</title><p>Please sign in.')
    case 'redirect':
      return content(fault.status, 'text/plain; charset=utf-8', '', { location: fault.location })
    case 'garbage':
      return content(200, 'text/plain; charset=utf-8', '')
    case 'reset':
      return isBeforeTheCore(fault.at) ? content(499, 'text/plain; charset=utf-8', '') : undefined
    default:
      return undefined
  }
}

/** Whether the caller never has a whole answer. */
function isAnswerLost(fault: Fault): boolean {
  if (fault.kind === 'reset') return fault.at !== 'end'
  return ['hang', 'half', 'garbage', 'truncated-gzip'].includes(fault.kind)
}

function isBeforeTheCore(at: ResetPoint): boolean {
  return at === 'request' || at === 'request-body'
}

function disturbanceOf(fault: Fault): Disturbance | undefined {
  switch (fault.kind) {
    case 'reset':
      if (fault.at === 'end') return { kind: 'reset', at: 'end' }
      return { kind: 'reset', at: fault.at === 'answer-body' ? 'body' : 'start' }
    case 'hang':
    case 'half':
      return { kind: fault.kind }
    case 'slow':
      return { kind: 'slow', bytes: fault.bytes, everyMs: fault.everyMs }
    case 'garbage':
      return {
        kind: 'garbage',
        bytes: Buffer.from('\x16\x03\x01 this is no HTTP \x00\xff\r\n\r\n'),
      }
    default:
      return undefined
  }
}

/** Whole by its length, and no whole gzip. */
function truncated(answer: Answer): Answer {
  const whole = gzipSync(answer.body)
  return {
    ...answer,
    headers: { ...answer.headers, 'content-encoding': 'gzip' },
    body: whole.subarray(0, Math.ceil(whole.length / 2)),
  }
}

/** Reads the body once and hands it out as often as it is asked for. */
function keeping(readBody: ReadBody): { readonly read: ReadBody } {
  let kept: Promise<BodyBytes> | undefined
  return {
    read(limitBytes) {
      kept ??= readBody(limitBytes)
      return kept
    },
  }
}

/** That of the path, else that of whoever is claimed to call. */
async function organizationOf(
  { header }: RequestHead,
  path: string,
  store: Store,
): Promise<string | undefined> {
  const named = ORGANIZATION_IN_PATH.exec(path)?.[1]?.toLowerCase()
  if (named !== undefined) return named
  const claim = decodeAuthorization(header(AUTHORIZATION))
  if (claim.status !== 'read') return undefined
  const caller = await store.caller(claim.userName)
  if (caller === undefined) return undefined
  return caller.kind === 'agent' ? caller.organizationId : caller.defaultOrganizationId
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const ORGANIZATION_IN_PATH = new RegExp(
  `^${API_BASE}/(?:ng|v4/organizations|engine/v1/organizations)/(${UUID})(?:/|$)`,
  'i',
)

function reportsIn(value: unknown): readonly unknown[] {
  const isBatch = typeof value === 'object' && value !== null && 'reports' in value
  return isBatch && Array.isArray(value.reports) ? value.reports : []
}
