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
import { type Check, fail, pass } from './check.ts'

/**
 * Tries who answers and both layers by one heartbeat, which stores nothing.
 *
 * @returns The checks from `teamserver` on, up to the one that failed.
 */
export async function checkLayers(configuration: Configuration): Promise<readonly Check[]> {
  const { url, credentials, origins } = configuration
  const delivery = await beat(configuration)
  const answers = pass('teamserver', `TeamServer answers at ${url}`)
  const layerOne = pass('layer one', 'the generated credentials were accepted')
  if (delivery.status === 'accepted') {
    const detail =
      credentials.organizationApiKey === undefined
        ? 'not asked for, and this engine has no organization API key'
        : 'not refused'
    return [answers, layerOne, pass('layer two', detail)]
  }
  if (delivery.status !== 'hold') {
    const found = delivery.status === 'retryable' ? 'is out of reach' : 'refused the heartbeat'
    const wayOut = `url comes from ${origins.url.where}; correct it there, or see that this machine reaches it`
    return [fail('teamserver', `TeamServer at ${url} ${found} (${delivery.why}). ${wayOut}`)]
  }
  const { cause, why } = delivery
  const message = holdMessage(cause, {
    url,
    application: configuration.application.name,
    why,
    originOf: (setting) => origins[setting].where,
    hasApiKey: credentials.organizationApiKey !== undefined,
  })
  switch (layerOf(cause)) {
    case 'teamserver':
      return [fail('teamserver', message)]
    case 'layer one':
      return [answers, fail('layer one', message)]
    case 'layer two':
      return [answers, layerOne, fail('layer two', message)]
  }
}

async function beat({ url, credentials, requestTimeoutMs, network }: Configuration) {
  const connectTimeoutMs = requestTimeoutMs
  const transport = createUndiciTransport({ connectTimeoutMs, connections: 1, network })
  const calls = createCalls({
    encodeBody,
    isMeasured: () => false,
    now: systemClock.now,
    url,
    userAgent: `teamserver-engine/${VERSION} doctor`,
    send: withDeadline(transport.send, requestTimeoutMs, systemClock),
    signal: new AbortController().signal,
    authorization: () => authorizationHeaders(credentials),
    onAnswer: () => {},
    wallClockMs: Date.now,
  })
  const delivery = await calls.heartbeat({ counters: {} })
  transport.close()
  return delivery
}

/** Which of the checks a hold belongs to. */
function layerOf(cause: HoldCause): 'teamserver' | 'layer one' | 'layer two' {
  if (cause === 'path' || cause === 'proxy' || cause === 'not-teamserver') return 'teamserver'
  return cause === 'api-key' ? 'layer two' : 'layer one'
}
