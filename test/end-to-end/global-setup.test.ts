import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { JSON_REPORT, readJsonReport } from '../json-report.ts'
import { temporaryFolder } from './download.ts'
import { runProgram } from './program.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** An application that starts its own engine, as it would in production. */
const APP = `
import { createEngine } from 'teamserver-engine'

const engine = createEngine({ application: { name: 'shop' } })
engine.report({ type: 'finding', rule: 'cookie-flags-missing', url: 'http://127.0.0.1:' + process.argv[2] })
await engine.close()
`

const FILES = {
  'package.json': '{"name":"shop","type":"module"}',
  'app.js': APP,
  'setup.js': `
import { createGlobalSetup } from 'teamserver-engine/mock-server'

export default createGlobalSetup({ organization: { name: 'Shop', apiKey: { enabled: true } } })
`,
  'vitest.config.js': `export default { test: { globalSetup: ['./setup.js'] } }`,
  'shop.test.js': `
import { execFileSync } from 'node:child_process'
import { connectOrganization } from 'teamserver-engine/mock-server'
import { expect, test } from 'teamserver-engine/mock-server/vitest'

test('the application reports', async () => {
  const organization = await connectOrganization()
  execFileSync(process.execPath, ['app.js', String(10_000 + process.pid % 10_000)])
  await expect(organization).toHaveStored({ rule: 'cookie-flags-missing' })
  await expect(organization).not.toHaveRefused()
  expect(await organization.reported()).toMatchSnapshot()
  await organization.reset()
  expect(await organization.reports()).toEqual([])
})
`,
}

test('a vitest project whose application starts its own engine, and its snapshot, twice the same', async () => {
  await using place = await temporaryFolder(FILES)
  const modules = join(place.folder, 'node_modules')
  await mkdir(modules)
  await symlink(ROOT, join(modules, 'teamserver-engine'))
  await symlink(join(ROOT, 'node_modules/vitest'), join(modules, 'vitest'))
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...JSON_REPORT, '--no-color']
  const passed = { numTotalTests: 1, numPassedTests: 1, success: true }

  const first = await runProgram(place.folder, args, { NO_COLOR: '1' })
  expect({ ...first, stdout: '' }).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
  expect(await readJsonReport(place.folder)).toMatchObject({ ...passed, snapshot: { added: 1 } })
  const kept = await readFile(join(place.folder, '__snapshots__/shop.test.js.snap'), 'utf8')
  expect(kept).toContain('"url": "http://127.0.0.1:<port>"')

  // In CI vitest writes no snapshot: it compares.
  await runProgram(place.folder, args, { NO_COLOR: '1', CI: '1' })
  expect(await readJsonReport(place.folder)).toMatchObject({
    ...passed,
    snapshot: { matched: 1, added: 0 },
  })
})
