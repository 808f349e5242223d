import type { LookupFunction } from 'node:net'
import { expect, onTestFinished } from 'vitest'
import type { EngineOptions } from '../../../sdk/configuration/options.ts'
import type { Engine } from '../../../sdk/engine/engine.ts'
import { type EngineSurroundings, startEngine } from '../../../sdk/engine/start-engine.ts'
import { createUndiciTransport } from '../../../sdk/transport/undici.ts'
import { BARE, expectSumsUp, SERVICE_KEY } from '../engine/test-engine.ts'
import type { ScriptedServer } from './scripted-server.ts'

export interface NetworkEngine {
  readonly engine: Engine
  readonly lines: readonly string[]
  /** Resolves with the first line that matches, past or to come. */
  line(pattern: RegExp): Promise<string>
}

export interface NetworkSurroundings extends Omit<EngineSurroundings, 'configuration'> {
  readonly env?: Readonly<Record<string, string>>
}

/** An engine on real sockets, without any wait between two tries unless it is told otherwise. */
export function startNetworkEngine(
  url: string,
  options: EngineOptions = {},
  { env = {}, ...surroundings }: NetworkSurroundings = {},
): NetworkEngine {
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const keep = (level: string) => (text: string) => {
    lines.push(`${level}: ${text}`)
    for (const look of waiting) look()
  }
  const logger = {
    error: keep('error'),
    warn: keep('warn'),
    info: keep('info'),
    debug: keep('debug'),
  }
  const engine = startEngine(
    {
      url,
      agentUserName: 'agent_1@Org',
      serviceKey: SERVICE_KEY,
      application: { name: 'shop' },
      spoolDirectory: false,
      closeTimeoutMs: 1,
      logger,
      ...options,
    },
    { random: () => 0, ...surroundings, configuration: { ...BARE, env } },
  )
  onTestFinished(() => {
    const closed = engine.close()
    // A clock that a test moves stands still by now.
    return surroundings.clock === undefined ? closed : undefined
  })
  return {
    engine,
    lines,
    line: (pattern) =>
      new Promise((resolve) => {
        const look = () => {
          const found = lines.find((line) => pattern.test(line))
          if (found === undefined) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
  }
}

/** After the first failure the next try is a tenth of a second away: time to look around. */
export const PATIENT = { random: () => 0.2 } as const

/** undici with names that resolve as a test says. */
export function transportWithLookup(lookup: LookupFunction) {
  return createUndiciTransport({ connectTimeoutMs: 10_000, connections: 1, lookup })
}

/** Hands over reports with ids of their own. @returns The ids. */
export function reportSome(engine: Engine, count = 3, title = 'x'): string[] {
  const ids = Array.from({ length: count }, (_, index) => `r-${index}`)
  for (const id of ids) engine.report({ type: 'finding', rule: 'rule', id, title })
  return ids
}

/** 0 lost, stored once, and nobody miscounted. */
export async function expectDelivered(
  engine: Engine,
  server: ScriptedServer,
  ids: readonly string[],
): Promise<void> {
  await engine.flush({ timeoutMs: 10_000 })
  expectSumsUp(engine)
  expect(engine.status()).toMatchObject({
    given: ids.length,
    accepted: ids.length,
    refused: 0,
    dropped: 0,
    waiting: 0,
  })
  expect([...server.storedIds].sort()).toEqual([...ids].sort())
}

/** Nothing was taken and nothing is lost. */
export function expectKept(engine: Engine, ids: readonly string[]): void {
  expectSumsUp(engine)
  expect(engine.status()).toMatchObject({
    given: ids.length,
    accepted: 0,
    refused: 0,
    dropped: 0,
    waiting: ids.length,
  })
}
