import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineOptions } from '../../sdk/index.ts'
import { temporaryFolder } from './download.ts'
import { DIST, type Ended, type Program, startProgram } from './program.ts'

/** A folder in which applications with an engine run, one after the other or side by side. */
export interface Host {
  readonly folder: string
  /** Starts a program in which `engine` and `report(name, count)` stand ready. */
  start(program: string, how?: HostStart): Promise<Program>
  /** Runs it to its end. */
  run(program: string, how?: HostStart): Promise<Ended>
  /** The next start of the application: what it finds and delivers. */
  nextStart(how?: HostStart): Promise<Record<string, unknown>>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

export interface HostStart {
  readonly options?: EngineOptions
  readonly form?: 'module' | 'commonjs'
  /** Where the engine comes from; the built package by default. */
  readonly from?: string
  /** The same program without an engine. */
  readonly isBare?: boolean
}

/** @param given What every engine in it gets. */
export async function createHost(given: EngineOptions): Promise<Host> {
  const place = await temporaryFolder({})
  const { folder } = place
  let files = 0

  async function start(program: string, how: HostStart = {}): Promise<Program> {
    const { options, form = 'module', isBare = false } = how
    files += 1
    const isModule = form === 'module'
    const file = join(folder, `host-${files}.${isModule ? 'mjs' : 'cjs'}`)
    const { from = `${DIST}/sdk/index.${isModule ? 'js' : 'cjs'}` } = how
    const all = {
      application: { name: 'shop' },
      spoolDirectory: join(folder, 'spool'),
      logger: false,
      ...given,
      ...options,
    }
    const load = isModule
      ? `import { createEngine } from '${from}'`
      : `const { createEngine } = require('${from}')`
    await writeFile(
      file,
      `${load}
      const options = ${JSON.stringify(all)}
      const engine = ${isBare ? 'undefined' : 'createEngine(options)'}
      function report(name, count) {
        for (let index = 0; index < count; index++)
          engine?.report({ type: 'finding', rule: 'x', id: name + '-' + index })
      }
      ${program}`,
    )
    return startProgram(folder, [file])
  }

  const run = async (program: string, how?: HostStart) => (await start(program, how)).ended

  return {
    folder,
    start,
    run,
    async nextStart(how) {
      const ended = await run(
        `await engine.flush({ timeoutMs: 20_000 })
        await engine.close()
        console.log(JSON.stringify(engine.status()))`,
        how,
      )
      if (ended.code !== 0) throw new Error(`the next start failed: ${ended.stderr}`)
      return JSON.parse(ended.stdout)
    },
    [Symbol.asyncDispose]: place[Symbol.asyncDispose],
  }
}

/** The ids that `report(name, count)` gives. */
export function idsOf(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index}`)
}
