import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTeamServer, type Organization, type TeamServer } from '../../mock-server/index.ts'
import { temporaryFolder } from './download.ts'
import { DIST, type Ended, runProgram } from './program.ts'

const DOCTOR = [`${DIST}/sdk/teamserver-engine.js`, 'doctor']

let teamServer: TeamServer
let shop: Organization
beforeAll(async () => {
  teamServer = createTeamServer()
  await teamServer.listen()
  shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
})
afterAll(() => teamServer.close())

interface Diagnosis {
  readonly ok: boolean
  readonly settings: readonly { readonly name: string; readonly value: string }[]
  readonly checks: readonly {
    readonly name: string
    readonly outcome: string
    readonly detail: string
  }[]
}

function variables(): Record<string, string> {
  const { url, agentUserName, serviceKey, organizationApiKey = '' } = shop.engineOptions()
  return {
    CONTRAST__API__URL: url,
    CONTRAST__API__USER_NAME: agentUserName,
    CONTRAST__API__SERVICE_KEY: serviceKey,
    CONTRAST__API__API_KEY: organizationApiKey,
  }
}

async function runDoctor(
  env: Readonly<Record<string, string>>,
  { args = [], yaml }: { readonly args?: readonly string[]; readonly yaml?: string } = {},
): Promise<Ended> {
  const file = yaml === undefined ? {} : { 'contrast_security.yaml': yaml }
  await using place = await temporaryFolder({ 'package.json': '{"name":"shop"}', ...file })
  return await runProgram(place.folder, [...DOCTOR, ...args], env)
}

test('the doctor ends with 0 where a report would be accepted, shows no key and stores nothing', async () => {
  const { code, stdout, stderr } = await runDoctor(variables())
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/\nA report would be accepted\.\n$/)
  expect(stdout).toMatch(/^ {2}serviceKey +••••\S{4} +environment CONTRAST__API__SERVICE_KEY$/m)
  for (const secret of [shop.agent.serviceKey, shop.apiKey.value]) {
    expect(stdout).not.toContain(secret)
  }
  expect(await shop.reports()).toEqual([])
  expect(await shop.applications()).toEqual([])
})

const OTHER_KEY = '0123456789ABCDEFGHIJklmnopqrstuv'

test.each<
  readonly [string, (right: Record<string, string>) => Record<string, string>, object, string[]]
>([
  [
    'nothing is configured',
    () => ({}),
    { configuration: 'fail', address: 'skipped', 'layer one': 'skipped', 'layer two': 'skipped' },
    ['CONTRAST__API__URL', 'CONTRAST__API__TOKEN', 'contrast_security.yaml'],
  ],
  [
    'the engine is switched off',
    (right) => ({ ...right, CONTRAST__ENABLE: 'false' }),
    { configuration: 'fail', address: 'skipped', 'layer one': 'skipped', 'layer two': 'skipped' },
    ['environment CONTRAST__ENABLE is false', 'leave it out'],
  ],
  [
    'nobody listens',
    (right) => ({ ...right, CONTRAST__API__URL: 'http://127.0.0.1:1' }),
    { configuration: 'pass', address: 'fail', 'layer one': 'skipped', 'layer two': 'skipped' },
    ['http://127.0.0.1:1/', 'ECONNREFUSED', 'environment CONTRAST__API__URL; correct it there'],
  ],
  [
    'the service key is wrong',
    (right) => ({ ...right, CONTRAST__API__SERVICE_KEY: OTHER_KEY }),
    { configuration: 'pass', address: 'pass', 'layer one': 'fail', 'layer two': 'skipped' },
    ['layer one', 'environment CONTRAST__API__SERVICE_KEY; correct them there'],
  ],
  [
    'the API key is wrong',
    (right) => ({ ...right, CONTRAST__API__API_KEY: OTHER_KEY }),
    { configuration: 'pass', address: 'pass', 'layer one': 'pass', 'layer two': 'fail' },
    ['layer two', 'environment CONTRAST__API__API_KEY; correct it there'],
  ],
  [
    'the API key is missing',
    (right) => ({ ...right, CONTRAST__API__API_KEY: '' }),
    { configuration: 'pass', address: 'pass', 'layer one': 'pass', 'layer two': 'fail' },
    ['layer two', 'Set the option organizationApiKey, the variable CONTRAST__API__API_KEY'],
  ],
])(
  'where %s, the doctor ends with 1 and says at the check that failed what to do',
  async (_what, change, outcomes, says) => {
    const { code, stdout, stderr } = await runDoctor(change(variables()), { args: ['--json'] })
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    const { ok, checks }: Diagnosis = JSON.parse(stdout)
    expect(ok).toBe(false)
    expect(Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]))).toEqual(outcomes)
    const detail = checks.find(({ outcome }) => outcome === 'fail')?.detail
    for (const part of says) expect(detail).toContain(part)
    for (const secret of [OTHER_KEY, shop.agent.serviceKey, shop.apiKey.value]) {
      expect(stdout).not.toContain(secret)
    }
  },
)

test('where the YAML file is broken, the doctor ends with 1 and names file and line', async () => {
  const yaml = `api:\n  service_key: ${OTHER_KEY}\n\turl: x\n`
  const { code, stdout, stderr } = await runDoctor(variables(), { yaml })
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(stdout).toMatch(/^ {2}fail +configuration +\S*\/contrast_security\.yaml:3 /m)
  expect(stdout).not.toContain(OTHER_KEY)
})

test.each([
  [['doctor', '--colour'], "unknown option '--colour'"],
  [['docter'], "unknown command 'docter' (Did you mean doctor?)"],
  [['doctor', 'app.js'], 'too many arguments'],
])('the command %j ends with 2 and one line that tells the way to help', async (args, says) => {
  const command = `${DIST}/sdk/teamserver-engine.js`
  const { code, stdout, stderr } = await runProgram(DIST, [command, ...args])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^teamserver-engine: [^\n]+ Run `teamserver-engine --help`\.\n$/)
  expect(stderr).toContain(says)
})
