import { setTimeout as sleep } from 'node:timers/promises'
import { API_KEY, AUTHORIZATION } from '../../sdk/wire/headers.ts'
import { ENGINE_METHODS, ENGINE_PATHS, type EngineCall } from '../../sdk/wire/paths.ts'
import { TeamServerError } from '../errors.ts'
import { readRecording } from './recording.ts'

/** Whom requests are sent to, and with what: `organization.engineOptions()`. */
export interface ReplayTarget {
  /** Ends in `/Contrast`. */
  readonly url: string
  readonly agentUserName: string
  readonly serviceKey: string
  readonly organizationApiKey?: string
}

export interface ReplayOptions {
  /** @default the global one */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
  /** Whether requests come as far apart as they were recorded. @default false: one after another */
  readonly keepsPace?: boolean
}

/** A request that was sent again. */
export interface Replayed {
  readonly call: EngineCall
  /** As it was answered then, and now. */
  readonly recordedStatus: number
  readonly status: number
}

/**
 * Sends the calls of a recording again, in their order, with the credentials of an organization. What was
 * an id of then (a report, a session) is sent as it is.
 *
 * @throws `ERR_RECORDING`; and with what the network has, where nothing answers.
 */
export async function replay(
  file: string,
  target: ReplayTarget,
  { fetch = globalThis.fetch, keepsPace = false, ...rest }: ReplayOptions = {},
): Promise<readonly Replayed[]> {
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) {
    const takes = 'replay takes fetch, keepsPace'
    throw new TeamServerError('ERR_OPTION_INVALID', `unknown option ${unknown}; ${takes}`)
  }
  const { url, agentUserName, serviceKey, organizationApiKey } = target
  const credentials = Buffer.from(`${agentUserName}:${serviceKey}`).toString('base64')
  const headers = {
    'content-type': 'application/json',
    [AUTHORIZATION]: credentials,
    ...(organizationApiKey !== undefined && { [API_KEY]: organizationApiKey }),
  }
  const startMs = performance.now()
  const replayed: Replayed[] = []
  for (const { afterMs, call, status: recordedStatus, body } of await readRecording(file)) {
    if (keepsPace) await sleep(Math.max(0, startMs + afterMs - performance.now()))
    const response = await fetch(`${url}/api${ENGINE_PATHS[call]}`, {
      method: ENGINE_METHODS[call],
      headers,
      body: JSON.stringify(body),
      // The keys are for nobody else.
      redirect: 'manual',
    })
    await response.arrayBuffer()
    replayed.push({ call, recordedStatus, status: response.status })
  }
  return replayed
}
