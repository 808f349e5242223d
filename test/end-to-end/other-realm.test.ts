import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { compileFunction, createContext, runInNewContext } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import { createTeamServer } from '../../mock-server/index.ts'

const FILE = fileURLToPath(new URL('../../dist/sdk/index.cjs', import.meta.url))

/**
 * The engine as jest loads it: in a realm of its own, where what Node throws is no `instanceof Error` and
 * where there is no `import()`.
 */
function loadElsewhere(): typeof import('../../sdk/index.ts') {
  const own = createContext(ofNode())
  const names = ['module', 'exports', 'require', '__filename']
  const load = compileFunction(readFileSync(FILE, 'utf8'), names, { parsingContext: own })
  const module = { exports: {} as typeof import('../../sdk/index.ts') }
  load(module, module.exports, createRequire(FILE), FILE)
  return module.exports
}

/** What Node puts into a realm beside the language. */
function ofNode(): Record<string, unknown> {
  const language = new Set(runInNewContext('Object.getOwnPropertyNames(globalThis)'))
  const names = Object.getOwnPropertyNames(globalThis).filter((name) => !language.has(name))
  return Object.fromEntries(names.map((name) => [name, Reflect.get(globalThis, name)]))
}

test('an engine in a realm of its own reports, though a configuration file is not there', async () => {
  const teamServer = createTeamServer()
  onTestFinished(() => teamServer.close())
  const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
  await teamServer.listen()
  const lines: string[] = []
  const say = (line: string) => void lines.push(line)
  const engine = loadElsewhere().createEngine({
    ...shop.engineOptions(),
    spoolDirectory: false,
    logger: { error: say, warn: say, info: say, debug: say },
  })
  engine.report({ type: 'finding', rule: 'cookie-flags-missing' })
  await engine.close()
  expect(lines).toEqual([])
  expect(engine.status()).toMatchObject({ given: 1, accepted: 1, dropped: 0 })
  expect(await shop.reports()).toMatchObject([{ rule: 'cookie-flags-missing' }])
})
