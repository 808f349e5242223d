import { renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { EngineOptions } from '../../../sdk/configuration/options.ts'
import { NO_FILE, stampOf } from '../../../sdk/configuration/small-file.ts'
import type { GivenSurroundings } from '../../../sdk/configuration/surroundings.ts'
import type { Engine } from '../../../sdk/engine/engine.ts'
import { startEngine } from '../../../sdk/engine/start-engine.ts'
import { freshFolder } from '../configuration/try-resolve.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'
import { createScriptedTransport, refusal } from './scripted-transport.ts'
import { BARE, createLineLog, expectSumsUp, SERVICE_KEY } from './test-engine.ts'

export const NEW_KEY = 'N3wServiceKeyN3wServiceKey02'
export const NEW_API_KEY = 'N3wApik3yN3wApik3yN3wApik3y02'
export const USER = 'agent_1@Org'
export const URL = 'http://127.0.0.1:9/Contrast'
export const MINUTE = 60_000

export interface Keys {
  serviceKey: string
  /** Layer two is on if there is one. */
  apiKey?: string
}

export interface Given {
  readonly options?: EngineOptions
  readonly yaml?: string
  readonly around?: GivenSurroundings
}

/** An engine before a TeamServer whose keys the test turns, in a folder of its own. */
export function startBefore(teamServer: Keys, { options = {}, yaml, around = {} }: Given = {}) {
  const cwd = freshFolder()
  const file = join(cwd, 'contrast_security.yaml')
  const write = (content: string) => {
    writeFileSync(`${file}.new`, content, { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }
  if (yaml !== undefined) write(yaml)
  const clock = createManualClock()
  const log = createLineLog()
  const transport = createScriptedTransport(({ headers }) => {
    const [user, key] = Buffer.from(headers.authorization ?? '', 'base64')
      .toString()
      .split(':')
    if (user !== USER || key !== teamServer.serviceKey) return refusal(401, 'credentials-wrong')
    if (teamServer.apiKey === undefined || headers['api-key'] === teamServer.apiKey)
      return undefined
    return refusal(401, 'api-key-wrong')
  })
  const engine = startEngine(
    {
      url: URL,
      application: { name: 'shop' },
      logger: log,
      // So few that no body is zipped, which takes a time of its own.
      batchLimitReports: 5,
      ...options,
    },
    {
      transport,
      clock,
      random: () => 0.5,
      // Looked at at once: the clock of the test does not wait for a file system.
      async stampOfPath(path) {
        const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
        return stats === undefined ? NO_FILE : stampOf(stats)
      },
      configuration: { ...BARE, cwd, ...around },
    },
  )
  onTestFinished(() => void engine.close())
  return { engine, clock, log, transport, teamServer, cwd, file, write }
}

export type Started = ReturnType<typeof startBefore>

let reports = 0
/** Hands over one more report. */
export function report(engine: Engine): void {
  reports += 1
  engine.report({ type: 'finding', rule: 'cookie-flags-missing', id: `r-${reports}` })
}

/** Goes on reporting, and says how long it took until the engine runs again. */
export async function msUntilRunning({ engine }: Started, clock: ManualClock): Promise<number> {
  const fromMs = clock.now()
  while (engine.status().state !== 'running') {
    await clock.advance(50)
    if (clock.now() - fromMs > 10 * MINUTE) throw new Error('never')
  }
  return clock.now() - fromMs
}

export async function expectNothingLost({ engine, transport, clock }: Started): Promise<void> {
  for (let turn = 0; turn < 200 && engine.status().waiting > 0; turn++) await clock.advance(50)
  expectSumsUp(engine)
  const { given, accepted, refused, dropped } = engine.status()
  expect({ accepted, refused, dropped }).toEqual({ accepted: given, refused: 0, dropped: 0 })
  expect(new Set(transport.storedIds).size).toBe(given)
}

export function yamlOf(lines: Record<string, string>): string {
  return `api:\n${Object.entries(lines)
    .map(([key, value]) => `  ${key}: "${value}"\n`)
    .join('')}`
}

export const YAML = { user_name: USER, service_key: SERVICE_KEY }
