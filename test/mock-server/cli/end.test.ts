import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { openRaw, rawRequest } from '../adapters/raw-connection.ts'
import { endCommands, startCommand, startForPrograms } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'mock-teamserver-'))

afterEach(endCommands)
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const KEY = 'AAAAAAaaaaaa111111BBBBBBbbbbbb22'

test.each([
  ['an unknown option', ['--colour'], "unknown option '--colour'"],
  ['an option whose time has not come', ['--store', 'x'], "unknown option '--store'"],
  ['a word too many', ['start'], 'too many arguments'],
  ['a port that is none', ['--port', '70000'], 'A port is a whole number from 0 to 65535.'],
  ['a port in words', ['--port', 'http'], 'A port is a whole number from 0 to 65535.'],
  ['a port of nothing', ['--port', ''], 'A port is a whole number from 0 to 65535.'],
  ['a layer that is neither on nor off', ['--api-key', 'yes'], 'Allowed choices are on, off.'],
  ['a config file that is not named', ['--config'], "option '--config <file>' argument missing"],
])('%s ends it with 2 and one clear line', async (_what, argv, sentence) => {
  const { code, stdout, stderr } = await startCommand('--json', ...argv).ended
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(sentence)
  expect(stderr).toMatch(/^mock-teamserver: .*\n$/)
})

test('an organization that the file does not have ends it with 2, and those it has are named', async () => {
  const config = file('two.yaml', 'organizations: [{ name: Shop }, { name: Bank }]')
  const { ended } = startCommand('--port', '0', '--config', config, '--organization', 'Other')
  expect(await ended).toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'mock-teamserver: --organization names none of the --config file; it has Shop, Bank\n',
  })
})

test('a port in use ends it with 4 and one line', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  expect(await startCommand('--port', String(port)).ended).toMatchObject({
    code: 4,
    stdout: '',
    stderr:
      `mock-teamserver: cannot listen on 127.0.0.1:${port}: ` +
      'the port is in use (EADDRINUSE); choose another, or 0\n',
  })
  taken.close()
})

test('an address of another machine ends it with 4', async () => {
  const { code, stderr } = await startCommand('--host', '203.0.113.7', '--port', '0').ended
  expect(code).toBe(4)
  expect(stderr).toMatch(/^mock-teamserver: cannot listen on 203\.0\.113\.7:0: .*\n$/)
})

test.each<[what: string, text: string, lines: readonly string[]]>([
  ['broken YAML', `organizations:\n  - name: "Shop\n    key: ${KEY}\n`, ['is not YAML here']],
  [
    'two mistakes',
    'organizations:\n  - name: 1\npeople: x\n',
    ['2: organizations[0].name must be text: put it in quotes', '3: people must be a list'],
  ],
  [
    'a key that is too short',
    `organizations:\n  - name: Shop\n    apiKey: { value: ${KEY.slice(1)} }\n`,
    ['3: organizations[0].apiKey.value must be exactly 32 characters long'],
  ],
  [
    'a user name twice',
    'organizations:\n  - name: Shop\npeople:\n  - { role: observer, userName: a }\n  - { role: observer, userName: a }\n',
    ['people[1].userName is taken by an entry before'],
  ],
])('a file with %s ends it with 3, a line each, and no key', async (_what, text, lines) => {
  const { code, stdout, stderr } = await startCommand(
    '--port',
    '0',
    '--config',
    file('broken.yaml', text),
  ).ended
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
  const said = stderr.trim().split('\n')
  expect(said).toHaveLength(lines.length)
  for (const [at, line] of lines.entries()) {
    expect(said[at]).toContain(line)
    expect(said[at]).toMatch(/^mock-teamserver: /)
  }
  expect(stderr).not.toContain(KEY.slice(1))
})

test('a file that is not there ends it with 3', async () => {
  const config = join(folder, 'nothing.yaml')
  expect(await startCommand('--config', config).ended).toMatchObject({
    code: 3,
    stdout: '',
    stderr: `mock-teamserver: ${config}: there is no such file\n`,
  })
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it with 0, within a second, whatever is open',
  async (signal) => {
    const { line, end } = await startForPrograms()
    const idle = await openRaw(line.url)
    const busy = await openRaw(line.url)
    busy.write(
      rawRequest('POST /Contrast/api/engine/v1/reports', ['Host: a', 'Content-Length: 99']),
    )
    await busy.answers(1)
    const toldAt = performance.now()
    const ending = await end(signal)
    expect(performance.now() - toldAt).toBeLessThan(1_000)
    expect(ending).toEqual({ code: 0, signal: null, stdout: expect.any(String), stderr: '' })
    await Promise.all([idle.untilClosed(), busy.untilClosed()])
  },
)

test('--help and --version end with 0 and say what there is', async () => {
  const help = await startCommand('--help').ended
  expect(help).toMatchObject({ code: 0, stderr: '' })
  for (const option of [
    '--host',
    '--port',
    '--organization',
    '--api-key',
    '--config',
    '--control',
    '--json',
  ]) {
    expect(help.stdout).toContain(option)
  }
  const version = await startCommand('--version').ended
  expect(version).toMatchObject({ code: 0, stderr: '' })
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})
