import { afterAll, expect, test } from 'vitest'
import { isInstalled } from '../docs/shell-session.ts'
import { JSON_REPORT, readJsonReport } from '../json-report.ts'
import { forgetPackage, installExample, runCommand } from './installed-example.ts'

afterAll(forgetPackage)

test.each([
  ['in-vitest', ['vitest'], 2],
  ['in-msw', ['vitest', 'msw'], 1],
  ['own-engine', ['vitest'], 1],
] as const)('the tests of examples/%s pass', async (name, beside, tests) => {
  await using place = await installExample(name, beside)
  const command = ['npm', 'test', '--silent', '--', ...JSON_REPORT] as const
  // msw 2 looks for localStorage, of which Node 26 says that it is an experiment.
  const env = { NODE_OPTIONS: '--disable-warning=ExperimentalWarning' }
  const { code, stderr } = await runCommand(place.folder, command, env)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(await readJsonReport(place.folder)).toMatchObject({
    numTotalTests: tests,
    numPassedTests: tests,
  })
})

test('the tests of examples/in-node-test pass', async () => {
  await using place = await installExample('in-node-test')
  const command = ['npm', 'test', '--silent', '--', '--test-reporter=tap'] as const
  const { code, stdout, stderr } = await runCommand(place.folder, command)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^# pass 1$/m)
  expect(stdout).toMatch(/^# fail 0$/m)
})

const canScript = isInstalled('bash') && isInstalled('curl') && isInstalled('jq')

test.skipIf(!canScript)(
  'examples/in-shell: below run, the script waits and sees both',
  async () => {
    await using place = await installExample('in-shell')
    const run = ['npx', 'mock-teamserver', 'run', '--api-key', 'on', '--control', '--'] as const
    const { code, stdout } = await runCommand(place.folder, [...run, 'bash', 'check.sh'])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: [
        'stored: cookie-flags-missing',
        'answered: api-key-wrong',
        'refused: api-key-wrong (api-key-missing)',
        '',
      ].join('\n'),
    })
  },
)

test.skipIf(!canScript)(
  'examples/in-shell: without the report, the script ends with an error',
  async () => {
    await using place = await installExample('in-shell')
    // Without layer two the second answer is no refusal, and nothing comes to wait for.
    const run = ['npx', 'mock-teamserver', 'run', '--control', '--', 'bash', 'check.sh'] as const
    const { code } = await runCommand(place.folder, run)
    expect(code).not.toBe(0)
  },
)

test.skipIf(!canScript)(
  'examples/in-shell: a TeamServer of --json lives as long as its script',
  async () => {
    await using place = await installExample('in-shell')
    const ended = await runCommand(place.folder, ['bash', 'start.sh'])
    expect(ended).toEqual({ code: 0, stdout: 'cookie-flags-missing\n', stderr: '' })
  },
)
