import { TeamServerError } from '../errors.ts'
import type { Delay, DelayLength, Fault, ResetPoint } from './fault.ts'

/** What can be written, for errors and help. */
export const FAULT_TEXTS = [
  'ok',
  '503',
  '429;retry-after=2',
  'reset',
  'reset;at=answer',
  'hang',
  'half',
  'slow=1/200',
  'garbage',
  'portal',
  'redirect=https://elsewhere.test/',
  'truncated-gzip',
  'delay=200',
  'delay=100..900;at=body',
  'delay=lognormal(80,0.5)',
] as const

const LONGEST_DELAY_MS = 3_600_000
const RESET_POINTS: ReadonlySet<string> = new Set<ResetPoint>([
  'request',
  'request-body',
  'answer',
  'answer-body',
  'end',
])
const DELAY_POINTS: ReadonlySet<string> = new Set<Delay['at']>(['request', 'headers', 'body'])
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/**
 * Reads a fault from a line such as `503`, `429;retry-after=2` or `reset;at=answer;delay=100..900`.
 *
 * @throws `ERR_OPTION_INVALID`, saying what is wrong with it and what can be written.
 */
export function parseFault(text: string): Fault {
  const [first = '', ...rest] = text.split(';').map((part) => part.trim())
  const words = new Map<string, string>()
  for (const word of first.startsWith('delay=') ? [first, ...rest] : rest) {
    const [, name = '', value = ''] = /^([a-z-]+)=(.+)$/s.exec(word) ?? []
    if (name === '' || words.has(name)) throw mistake(text, `it has an unclear part "${word}"`)
    words.set(name, value)
  }
  const take = (name: string) => {
    const value = words.get(name)
    words.delete(name)
    return value
  }
  const delayText = take('delay')
  const isDelayAlone = first.startsWith('delay=')
  const delayPoint = isDelayAlone ? take('at') : take('delay-at')
  const fault = isDelayAlone ? { kind: 'ok' as const } : parseKind(text, first, take)
  const [unknown] = words.keys()
  if (unknown !== undefined) throw mistake(text, `it takes no ${unknown}`)
  if (delayText === undefined) {
    if (delayPoint !== undefined) throw mistake(text, 'delay-at stands without a delay')
    return fault
  }
  return { ...fault, delay: parseDelay(text, delayText, delayPoint ?? 'headers') }
}

function parseKind(text: string, first: string, take: (name: string) => string | undefined): Fault {
  if (/^\d+$/.test(first)) {
    const status = Number(first)
    if (status < 200 || status > 599) throw mistake(text, 'a status is 200 to 599')
    const retryAfter = take('retry-after')
    return { kind: 'status', status, ...(retryAfter !== undefined && { retryAfter }) }
  }
  const [kind = '', ...more] = first.split('=')
  const value = more.length === 0 ? undefined : more.join('=')
  if (kind === 'slow') return parseSlow(text, value ?? '1/200')
  if (kind === 'redirect') return parseRedirect(text, value, take('status'))
  if (value !== undefined) throw mistake(text, `${kind} takes no value`)
  switch (kind) {
    case 'ok':
    case 'hang':
    case 'half':
    case 'garbage':
    case 'portal':
    case 'truncated-gzip':
      return { kind }
    case 'reset': {
      const at = take('at') ?? 'request'
      if (!isResetPoint(at)) throw mistake(text, `at is one of ${[...RESET_POINTS].join(', ')}`)
      return { kind, at }
    }
    default:
      throw mistake(text, 'it is none of the known faults')
  }
}

function parseSlow(text: string, value: string): Fault {
  const [, bytes, everyMs] = /^(\d{1,7})\/(\d{1,7})$/.exec(value) ?? []
  if (bytes === undefined || everyMs === undefined || Number(bytes) === 0) {
    throw mistake(text, 'slow is bytes/milliseconds, such as slow=1/200')
  }
  return { kind: 'slow', bytes: Number(bytes), everyMs: Number(everyMs) }
}

function parseRedirect(
  text: string,
  location: string | undefined,
  statusText: string | undefined,
): Fault {
  const status = Number(statusText ?? 307)
  if (!REDIRECTS.has(status)) throw mistake(text, `status is one of ${[...REDIRECTS].join(', ')}`)
  if (location === undefined || !URL.canParse(location)) {
    throw mistake(text, 'redirect is an address, such as redirect=https://elsewhere.test/')
  }
  // As a URL is written: what a header cannot hold stands in it in percent.
  return { kind: 'redirect', status, location: new URL(location).href }
}

function parseDelay(text: string, value: string, at: string): Delay {
  if (!isDelayPoint(at)) throw mistake(text, `a delay is at ${[...DELAY_POINTS].join(', ')}`)
  const length = parseLength(value)
  if (length === undefined) {
    throw mistake(
      text,
      `a delay is milliseconds up to ${LONGEST_DELAY_MS}: 200, 100..900 or lognormal(median,sigma)`,
    )
  }
  return { length, at }
}

function parseLength(value: string): DelayLength | undefined {
  const isInside = (ms: number) => Number.isFinite(ms) && ms <= LONGEST_DELAY_MS
  const [, from, to] = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(value) ?? []
  if (from !== undefined && to === undefined) {
    return isInside(Number(from)) ? { kind: 'fixed', ms: Number(from) } : undefined
  }
  if (from !== undefined) {
    const [fromMs, toMs] = [Number(from), Number(to)]
    return fromMs <= toMs && isInside(toMs) ? { kind: 'range', fromMs, toMs } : undefined
  }
  const [, median, sigma] = /^lognormal\((\d{1,9}),(\d{1,3}(?:\.\d{1,9})?)\)$/.exec(value) ?? []
  const [medianMs, spread] = [Number(median), Number(sigma)]
  return isInside(medianMs) && spread <= 10
    ? { kind: 'log-normal', medianMs, sigma: spread }
    : undefined
}

function isResetPoint(text: string): text is ResetPoint {
  return RESET_POINTS.has(text)
}

function isDelayPoint(text: string): text is Delay['at'] {
  return DELAY_POINTS.has(text)
}

function mistake(text: string, why: string): TeamServerError {
  const shown = JSON.stringify(text.slice(0, 100))
  return new TeamServerError(
    'ERR_OPTION_INVALID',
    `the fault ${shown} cannot be read: ${why}. Write for example ${FAULT_TEXTS.join(' | ')}`,
  )
}
