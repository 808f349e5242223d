import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { createTeamServer } from '../../mock-server/index.ts'
import { temporaryFolder } from './download.ts'
import { createHost, idsOf } from './host.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** As applications write it whose packages call `require` for what Node has. */
const BANNER =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);'

const IMPORTED = `export { createEngine } from 'teamserver-engine'`
const REQUIRED = `module.exports = require('teamserver-engine')`

test.each([
  { from: 'CommonJS', to: 'commonjs', contents: REQUIRED, options: { format: 'cjs' } },
  { from: 'a module', to: 'commonjs', contents: IMPORTED, options: { format: 'cjs' } },
  {
    from: 'a module',
    to: 'module',
    contents: IMPORTED,
    options: { format: 'esm', banner: { js: BANNER } },
  },
] as const)(
  'an application that is bundled ($from to $to) loses nothing when it ends at once, and delivers it later',
  async ({ to: form, contents, options }) => {
    await using teamServer = createTeamServer()
    await teamServer.listen()
    const shop = await teamServer.createOrganization({ name: 'Shop' })
    await using place = await temporaryFolder({})
    const from = join(place.folder, form === 'module' ? 'engine.mjs' : 'engine.cjs')
    const stdin = { contents, resolveDir: ROOT }
    const shared = { bundle: true, platform: 'node', logLevel: 'error' } as const
    await build({ ...shared, ...options, stdin, outfile: from })

    await using host = await createHost(shop.engineOptions())
    const ended = await host.run(`report('r', 3); process.exit(3)`, { form, from })
    expect(ended).toMatchObject({ code: 3, stderr: '' })
    expect(await shop.reports()).toEqual([])
    expect(await host.run('engine.close()', { form, from })).toMatchObject({ code: 0, stderr: '' })
    const stored = await shop.reports()
    expect(stored.map(({ id }) => id).sort()).toEqual(idsOf('r', 3))
  },
)
