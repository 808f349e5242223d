import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { strayFiles } from '../../scripts/package-files.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

test('C-404: what would be published holds no credential, key, environment, spool or log', async () => {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error']
  const { stdout } = await promisify(execFile)('npm', args, { cwd: ROOT, encoding: 'utf8' })
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }]
  const paths = files.map(({ path }) => path)
  expect(paths).toEqual(expect.arrayContaining(['package.json', 'dist/sdk/index.js']))
  expect(strayFiles(paths)).toEqual([])
})

test.each([
  'credentials.json',
  'dist/credentials.json',
  'dist/my-credentials.yaml',
  'dist/secrets.txt',
  'dist/contrast_security.yaml',
  '.env',
  'dist/.env',
  'dist/.env.production',
  'dist/.npmrc',
  'dist/server.pem',
  'dist/state.json.key',
  'dist/state.json.lock',
  'dist/client.p12',
  'dist/engine.log',
  'dist/engine.log.1',
  'dist/0001.spool',
  'dist/sdk/index.js.map',
  'test/x.ts',
  'sdk/index.ts',
])('C-404: %s in the package would be found', (path) => {
  expect(strayFiles(['package.json', path])).toEqual([path])
})
