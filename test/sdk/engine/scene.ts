import type { EngineOptions } from '../../../sdk/configuration/options.ts'
import type { Engine } from '../../../sdk/engine/engine.ts'
import type { EngineSurroundings } from '../../../sdk/engine/start-engine.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'
import type { MemoryDisk } from './memory-disk.ts'
import {
  createScriptedTransport,
  type Script,
  type ScriptedTransport,
} from './scripted-transport.ts'
import { createLineLog, expectSumsUp, startTestEngine } from './test-engine.ts'

export const FINDING = { type: 'finding', rule: 'x' } as const

export interface Scene {
  readonly clock: ManualClock
  readonly engine: Engine
  readonly transport: ScriptedTransport
  readonly lines: string[]
  /** Moves time in steps, and checks after each that the counters add up. */
  advance(ms: number, stepMs?: number): Promise<void>
  /** Reports with ids of their own: `<name>-0`, `<name>-1`, … */
  report(count: number, name?: string): string[]
  /** Ends the process as `process.exit()` does. */
  exit(): void
  /** A signal comes that the process survives. */
  signal(): void
}

export interface SceneOptions extends Omit<EngineSurroundings, 'configuration' | 'transport'> {
  readonly script?: Script
  readonly options?: EngineOptions
  readonly disk?: Pick<MemoryDisk, 'openSpool'>
  readonly clock?: ManualClock
}

/** An engine with a scripted TeamServer, a clock that stands still and, if wanted, a disk. */
export function startScene({ script, options, disk, ...surroundings }: SceneOptions = {}): Scene {
  const { clock = createManualClock() } = surroundings
  const { lines, ...logger } = createLineLog()
  const transport = createScriptedTransport(script)
  const process = { isEnding: false, spoolNow: () => {}, leave() {} }
  const engine = startTestEngine(
    { logger, ...(disk && { spoolDirectory: '/spool' }), ...options },
    {
      random: () => 0.5,
      ...surroundings,
      clock,
      transport,
      processEnd: {
        join: ({ spoolNow }) => Object.assign(process, { spoolNow }),
      },
      ...(disk && { openSpool: disk.openSpool }),
    },
  )
  clock.watch(() => expectSumsUp(engine))

  return {
    clock,
    engine,
    transport,
    lines,
    async advance(ms, stepMs = ms) {
      for (let leftMs = ms; leftMs > 0; leftMs -= stepMs)
        await clock.advance(Math.min(stepMs, leftMs))
      if (ms === 0) await clock.advance(0)
      expectSumsUp(engine)
    },
    report(count, name = 'r') {
      const ids = Array.from({ length: count }, (_, index) => `${name}-${index}`)
      for (const id of ids) {
        engine.report({ ...FINDING, id })
        expectSumsUp(engine)
      }
      return ids
    },
    signal() {
      process.spoolNow()
      expectSumsUp(engine)
    },
    exit() {
      process.isEnding = true
      process.spoolNow()
      expectSumsUp(engine)
    },
  }
}
