import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { temporaryFolder } from '../../end-to-end/download.ts'
import { ROOT } from '../root.ts'
import { endCommands, startCommand, startForPrograms } from './command.ts'

afterEach(endCommands)

const node = (program: string) => [process.execPath, '--input-type=module', '-e', program]

/** Reports by `fetch`, with the variables that an engine would read. */
const REPORTING = `
  const { CONTRAST__API__URL: url, CONTRAST__API__USER_NAME: name, CONTRAST__API__SERVICE_KEY: key } = process.env
  const send = (id, serviceKey) => fetch(url + '/api/engine/v1/reports', {
    method: 'POST',
    headers: {
      authorization: Buffer.from(name + ':' + serviceKey).toString('base64'),
      'content-type': 'application/json',
      ...(process.env.CONTRAST__API__API_KEY && { 'api-key': process.env.CONTRAST__API__API_KEY }),
    },
    body: JSON.stringify({ application: 'shop', reports: [{ id, type: 'finding', rule: 'a' }] }),
  })
  const statuses = [(await send('first', key)).status, (await send('second', 'wrong')).status]
  console.log(statuses.join())
`

test('it runs a command with an engine’s variables, and says what was taken and refused', async () => {
  const { code, stdout, stderr } = await startCommand('run', '--', ...node(REPORTING)).ended
  expect({ code, stdout }).toEqual({ code: 0, stdout: '202,401\n' })
  expect(stderr.split('\n')).toEqual([
    'mock-teamserver: the command ended with 0; Demo received 2 requests',
    '  applications  shop',
    '  stored        1 finding',
    '  known         0',
    '  rejected      0',
    '  refused       1 request',
    '    POST /Contrast/api/engine/v1/reports: credentials-wrong (service-key-wrong)',
    '',
  ])
})

test('with layer two on the command has the organization API key', async () => {
  const { stdout } = await startCommand('run', '--api-key', 'on', '--', ...node(REPORTING)).ended
  expect(stdout).toBe('202,401\n')
})

test('--json is one line of JSON on standard error', async () => {
  const { stderr } = await startCommand('run', '--json', '--', ...node(REPORTING)).ended
  expect(stderr.trimEnd()).not.toContain('\n')
  expect(JSON.parse(stderr)).toMatchObject({
    exitCode: 0,
    organization: { name: 'Demo' },
    ledger: { requests: 2, answered: 1, refusedForNow: 1, accepted: 1 },
    reports: { finding: 1 },
    applications: ['shop'],
    refusals: [{ reason: 'credentials-wrong', detail: 'service-key-wrong' }],
  })
})

test.each([
  ['an exit code', node('process.exit(7)'), 7],
  ['a signal', node('process.kill(process.pid, "SIGKILL")'), 137],
  ['a command that is not there', ['no-such-command-anywhere'], 127],
  ['a command that may not be run', [join(ROOT, 'package.json')], 126],
])('it ends with what the command ended with: %s', async (_what, command, expected) => {
  const { code } = await startCommand('run', '--', ...command).ended
  expect(code).toBe(expected)
})

test('SIGTERM is handed on, and what the command did is said all the same', async () => {
  const program = `process.once('SIGTERM', () => process.exit(3)); console.log('up'); setInterval(() => {}, 1000)`
  const command = startCommand('run', '--', ...node(program))
  await command.until('up')
  const { code, stderr } = await command.end('SIGTERM')
  expect(code).toBe(3)
  expect(stderr).toContain('the command ended with 3; Demo received 0 requests')
})

test('the command sees nothing that speaks for another TeamServer, and the control API if it was asked for', async () => {
  const program = `console.log(JSON.stringify([
    process.env.CONTRAST__API__TOKEN ?? null,
    process.env.CONTRAST__API__API_KEY ?? null,
    (await fetch(process.env.MOCK_TEAMSERVER_CONTROL_URL + '/reports', {
      headers: { authorization: 'Bearer ' + process.env.MOCK_TEAMSERVER_CONTROL_TOKEN },
    })).status,
  ]))`
  const shell = ['sh', '-c', 'CONTRAST__API__TOKEN=x CONTRAST__API__API_KEY=y exec "$@"', 'sh']
  const file = join(ROOT, 'dist/mock-server/mock-teamserver.js')
  const inner = [process.execPath, file, 'run', '--control', '--', ...node(program)]
  const { stdout } = await startCommand('run', '--', ...shell, ...inner).ended
  expect(JSON.parse(stdout)).toEqual([null, null, 200])
})

test('run without a command says what is missing', async () => {
  const { code, stderr } = await startCommand('run').ended
  expect(code).toBe(2)
  expect(stderr).toBe(
    "mock-teamserver: missing required argument 'command'. Run `mock-teamserver --help`.\n",
  )
})

test('options behind the command are the command’s own', async () => {
  const program = 'console.log(process.argv.slice(1).join())'
  const { stdout } = await startCommand('run', '--', ...node(program), '--', '--json', '--port')
    .ended
  expect(stdout).toBe('--json,--port\n')
})

test('--port-file holds the address once it is ready, and nothing before', async () => {
  await using place = await temporaryFolder({})
  const file = join(place.folder, 'address')
  const command = await startForPrograms('--port-file', file)
  expect(await readFile(file, 'utf8')).toBe(`${command.line.url}\n`)
  expect((await fetch(new URL('/ready', command.line.url))).status).toBe(200)
  await command.end()
})

test('a --port-file that cannot be written is a wrong option', async () => {
  const { code, stderr } = await startCommand('--port', '0', '--port-file', '/nowhere/at/all').ended
  expect(code).toBe(2)
  expect(stderr).toBe('mock-teamserver: --port-file /nowhere/at/all cannot be written (ENOENT)\n')
})
