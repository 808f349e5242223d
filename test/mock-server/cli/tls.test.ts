import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createAuthority } from '../../../mock-server/certificates/authority.ts'
import { temporaryFolder } from '../../end-to-end/download.ts'
import { ROOT } from '../root.ts'
import { endCommands, startCommand, startForPrograms } from './command.ts'

afterEach(endCommands)

const REPORTING = `
  import { createEngine } from '${ROOT}dist/sdk/index.js'
  const engine = createEngine({ application: { name: 'shop' }, spoolDirectory: false, logger: false })
  engine.report({ type: 'finding', rule: 'a' })
  await engine.flush({ timeoutMs: 10_000 })
  console.log(engine.status().accepted)
  await engine.close()
`
const node = [process.execPath, '--input-type=module', '-e', REPORTING]

test('--tls tells what to trust, in the JSON and in a file', async () => {
  await using place = await temporaryFolder({})
  const file = join(place.folder, 'ca.pem')
  const { line, end } = await startForPrograms('--tls', '--tls-ca-file', file)
  expect(line.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/Contrast$/)
  const ca = line.tls?.ca ?? ''
  expect(ca).toMatch(/^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/)
  expect(await readFile(file, 'utf8')).toBe(ca)
  expect(await end()).toMatchObject({ code: 0, stderr: '' })
})

test('without --tls the JSON says nothing of it', async () => {
  const { line } = await startForPrograms()
  expect(Object.keys(line)).not.toContain('tls')
})

test('a certificate that is brought is shown, and the JSON has no authority', async () => {
  const authority = createAuthority()
  const { cert, key } = authority.issue()
  await using place = await temporaryFolder({ 'cert.pem': cert, 'key.pem': key })
  const of = (name: string) => join(place.folder, name)
  const { line } = await startForPrograms(
    ...['--tls-cert', of('cert.pem'), '--tls-key', of('key.pem')],
  )
  expect(line.tls).toEqual({ ca: null })
  expect(line.url).toMatch(/^https:/)
})

test('for people it says how curl and an engine come to trust it', async () => {
  await using place = await temporaryFolder({})
  const file = join(place.folder, 'ca.pem')
  const withFile = await startCommand('--port', '0', '--tls-ca-file', file).until('Ctrl-C')
  expect(withFile).toContain(`  export CONTRAST__API__CERTIFICATE__CA_FILE='${file}'\n`)
  expect(withFile).toContain(`  curl --cacert '${file}' https://127.0.0.1:`)
  const without = await startCommand('--port', '0', '--tls').until('Ctrl-C')
  expect(without).toContain('--tls-ca-file FILE writes what to trust')
  expect(without).toContain('  curl --insecure https://127.0.0.1:')
})

test('the engine of a command reports over TLS, whether or not a file is asked for', async () => {
  await using place = await temporaryFolder({})
  const file = join(place.folder, 'ca.pem')
  for (const given of [['--tls'], ['--tls-ca-file', file]]) {
    const { code, stdout, stderr } = await startCommand('run', ...given, '--', ...node).ended
    expect({ code, stdout }).toEqual({ code: 0, stdout: '1\n' })
    expect(stderr).toContain('stored        1 finding')
  }
})

test.each<[argv: readonly string[], message: string]>([
  [['--tls-cert', 'a'], '--tls-cert and --tls-key belong together: give both, or neither'],
  [['--tls-key', 'a'], '--tls-cert and --tls-key belong together: give both, or neither'],
  [
    ['--tls-cert', '/nowhere/a', '--tls-key', '/nowhere/b'],
    '--tls-cert /nowhere/a cannot be read (ENOENT)',
  ],
  [['--tls-client-ca', '/nowhere/a'], '--tls-client-ca /nowhere/a cannot be read (ENOENT)'],
  [['--tls-ca-file', '/nowhere/a'], '--tls-ca-file /nowhere/a cannot be written (ENOENT)'],
  [
    ['--tls-cert', 'a', '--tls-key', 'b', '--tls-ca-file', 'c'],
    '--tls-ca-file is for the certificate made on the spot: leave out --tls-cert',
  ],
])('%j is a mistake that is told, with exit code 2', async (argv, message) => {
  const { code, stderr } = await startCommand('--port', '0', ...argv).ended
  expect({ code, stderr }).toEqual({ code: 2, stderr: `mock-teamserver: ${message}\n` })
})
