import { systemClock } from '../clock.ts'
import type { Configuration } from '../configuration/configuration.ts'
import { authorizationHeaders } from '../credentials/authorization.ts'
import { createCalls } from '../delivery/calls.ts'
import { holdMessage } from '../delivery/hold-message.ts'
import type { HoldCause } from '../transport/classify.ts'
import { withDeadline } from '../transport/deadline.ts'
import { encodeBody } from '../transport/encode-body.ts'
import { createUndiciTransport } from '../transport/undici.ts'
import { VERSION } from '../version.ts'

/** One thing that the doctor tried. */
export interface Check {
  readonly name: 'configuration' | 'address' | 'layer one' | 'layer two'
  readonly outcome: 'pass' | 'fail' | 'skipped'
  /** What was found, and what to do. */
  readonly detail: string
}

/** Tries the address and both layers by one heartbeat, which stores nothing. */
export async function checkTeamServer(configuration: Configuration): Promise<readonly Check[]> {
  const { url, credentials, requestTimeoutMs, origins } = configuration
  const transport = createUndiciTransport({ connectTimeoutMs: requestTimeoutMs, connections: 1 })
  const calls = createCalls({
    encodeBody,
    url,
    userAgent: `teamserver-engine/${VERSION} doctor`,
    send: withDeadline(transport.send, requestTimeoutMs, systemClock),
    signal: new AbortController().signal,
    authorization: () => authorizationHeaders(credentials),
    onAnswer: () => {},
    wallClockMs: Date.now,
  })
  // The engine's sockets do not keep a process alive, and here the answer is all there is to wait for.
  const wait = setInterval(() => {}, 1_000)
  const delivery = await calls.heartbeat({ counters: {} })
  clearInterval(wait)
  transport.close()

  if (delivery.status === 'accepted') {
    const layerTwo =
      credentials.organizationApiKey === undefined
        ? 'not asked for, and this engine has no organization API key'
        : 'not refused'
    return outcomes(
      ['pass', `TeamServer answers at ${url}`],
      ['pass', 'the generated credentials were accepted'],
      ['pass', layerTwo],
    )
  }
  const untried = ['skipped', 'not tried: what stands before it failed'] as const
  if (delivery.status !== 'hold') {
    const found = delivery.status === 'retryable' ? 'is out of reach' : 'refused the heartbeat'
    const wayOut = `url comes from ${origins.url.where}; correct it there, or see that this machine reaches it`
    const detail = `TeamServer at ${url} ${found} (${delivery.why}). ${wayOut}`
    return outcomes(['fail', detail], untried, untried)
  }
  const { cause, why } = delivery
  const message = holdMessage(cause, {
    url,
    application: configuration.application.name,
    why,
    originOf: (setting) => origins[setting].where,
    hasApiKey: credentials.organizationApiKey !== undefined,
  })
  const answers = ['pass', `TeamServer answers at ${url}`] as const
  switch (layerOf(cause)) {
    case 'address':
      return outcomes(['fail', message], untried, untried)
    case 'layer one':
      return outcomes(answers, ['fail', message], untried)
    case 'layer two':
      return outcomes(
        answers,
        ['pass', 'the generated credentials were accepted'],
        ['fail', message],
      )
  }
}

/** Which of the checks a hold belongs to. */
function layerOf(cause: HoldCause): Exclude<Check['name'], 'configuration'> {
  if (cause === 'path' || cause === 'proxy' || cause === 'not-teamserver') return 'address'
  return cause === 'api-key' ? 'layer two' : 'layer one'
}

type Outcome = readonly [Check['outcome'], string]

function outcomes(address: Outcome, layerOne: Outcome, layerTwo: Outcome): readonly Check[] {
  const check = (name: Check['name'], [outcome, detail]: Outcome): Check => ({
    name,
    outcome,
    detail,
  })
  return [check('address', address), check('layer one', layerOne), check('layer two', layerTwo)]
}
