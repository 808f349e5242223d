import { expect } from 'vitest'
import type { EngineOptions } from '../../../sdk/configuration/options.ts'
import type { Engine } from '../../../sdk/engine/engine.ts'
import type { ProcessEnd } from '../../../sdk/engine/process-end.ts'
import { type EngineSurroundings, startEngine } from '../../../sdk/engine/start-engine.ts'
import type { Logger } from '../../../sdk/logger.ts'
import type { EncodedBody } from '../../../sdk/transport/encode-body.ts'

export const SERVICE_KEY = 'S3rviceKeyS3rviceKey01'
export const API_KEY = 'Apik3yApik3yApik3yApik3y01'

export interface LineLog extends Logger {
  readonly lines: string[]
}

/** Keeps lines as `level: text`. */
export function createLineLog(): LineLog {
  const lines: string[] = []
  const keep = (level: string) => (line: string) => void lines.push(`${level}: ${line}`)
  return {
    lines,
    error: keep('error'),
    warn: keep('warn'),
    info: keep('info'),
    debug: keep('debug'),
  }
}

/** An engine that reads nothing of the machine it runs on. */
export function startTestEngine(
  options: EngineOptions,
  surroundings: Omit<EngineSurroundings, 'configuration'>,
): Engine {
  return startEngine(
    {
      url: 'http://127.0.0.1:9/Contrast',
      agentUserName: 'agent_1@Org',
      serviceKey: SERVICE_KEY,
      application: { name: 'shop' },
      logger: false,
      ...options,
    },
    { processEnd: NO_END, encodeBody: encodePlainly, ...surroundings, configuration: BARE },
  )
}

/** Without gzip: zlib works on threads, which no clock of ours moves. */
async function encodePlainly(json: string): Promise<EncodedBody> {
  const headers = { 'content-type': 'application/json' }
  return { bytes: new TextEncoder().encode(json), headers }
}

/** A process that goes on. */
const NO_END: ProcessEnd = { join: () => ({ isEnding: false, leave() {} }) }

export const BARE = {
  env: {},
  cwd: '/nowhere',
  hostname: 'test-host',
  prefitted: { status: 'none' },
  systemYamlFolder: '/nowhere',
  stateFolder: undefined,
} as const

/** What must hold at every moment. */
export function expectSumsUp(engine: Engine): void {
  const { given, accepted, refused, dropped, waiting } = engine.status()
  const sum = accepted + refused + dropped + waiting
  // Asked thousands of times in a loop, where an assertion that holds is too slow.
  if (sum !== given) expect(sum).toBe(given)
}

/** Turns the event loop, real input and output included, until something is true. */
export async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100_000 && !isTrue(); turn++) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(isTrue()).toBe(true)
}
