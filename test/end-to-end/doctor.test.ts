import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuthority, type Issued } from '../../mock-server/certificates/authority.ts'
import { createTeamServer, type Organization, type TeamServer } from '../../mock-server/index.ts'
import { pass } from '../../sdk/cli/check.ts'
import { diagnosisInWords } from '../../sdk/cli/diagnosis-words.ts'
import { startScriptedProxy } from '../sdk/transport/scripted-proxy.ts'
import { startScriptedServer } from '../sdk/transport/scripted-server.ts'
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

const NAMES = [
  'configuration',
  'url',
  'dns',
  'proxy',
  'connection',
  'tls',
  'teamserver',
  'layer one',
  'layer two',
]

/** As the doctor gives them: `skipped` where nothing is to be tried, and from the first failure on. */
function outcomesUpTo(failed: string, ...skipped: readonly string[]): object {
  const place = NAMES.indexOf(failed)
  return Object.fromEntries(
    NAMES.map((name, index) => {
      if (index === place) return [name, 'fail']
      return [name, index > place || skipped.includes(name) ? 'skipped' : 'pass']
    }),
  )
}

/** Plain http to an address: there is nothing to look up and no certificate. */
const UNTRIED = ['dns', 'proxy', 'tls']

const OTHER_KEY = '0123456789ABCDEFGHIJklmnopqrstuv'

test.each<
  readonly [string, (right: Record<string, string>) => Record<string, string>, object, string[]]
>([
  [
    'nothing is configured',
    () => ({}),
    outcomesUpTo('configuration'),
    ['CONTRAST__API__URL', 'CONTRAST__API__TOKEN', 'contrast_security.yaml'],
  ],
  [
    'the engine is switched off',
    (right) => ({ ...right, CONTRAST__ENABLE: 'false' }),
    outcomesUpTo('configuration'),
    ['environment CONTRAST__ENABLE is false', 'leave it out'],
  ],
  [
    'nobody listens',
    (right) => ({ ...right, CONTRAST__API__URL: 'http://127.0.0.1:1' }),
    outcomesUpTo('connection', 'dns', 'proxy'),
    [
      'connect ECONNREFUSED 127.0.0.1:1: nobody listens there. Check host and port of url',
      '(environment CONTRAST__API__URL)',
    ],
  ],
  [
    'the service key is wrong',
    (right) => ({ ...right, CONTRAST__API__SERVICE_KEY: OTHER_KEY }),
    outcomesUpTo('layer one', ...UNTRIED),
    ['layer one', 'environment CONTRAST__API__SERVICE_KEY; correct them there'],
  ],
  [
    'the API key is wrong',
    (right) => ({ ...right, CONTRAST__API__API_KEY: OTHER_KEY }),
    outcomesUpTo('layer two', ...UNTRIED),
    ['layer two', 'environment CONTRAST__API__API_KEY; correct it there'],
  ],
  [
    'the API key is missing',
    (right) => ({ ...right, CONTRAST__API__API_KEY: '' }),
    outcomesUpTo('layer two', ...UNTRIED),
    ['layer two', 'Set the option organizationApiKey, the variable CONTRAST__API__API_KEY'],
  ],
  [
    'the name is not known',
    (right) => ({ ...right, CONTRAST__API__URL: 'https://teamserver.invalid' }),
    outcomesUpTo('dns'),
    ['teamserver.invalid', '(environment CONTRAST__API__URL)'],
  ],
  [
    'the url leads to a metadata service',
    (right) => ({ ...right, CONTRAST__API__URL: 'http://169.254.169.254' }),
    outcomesUpTo('configuration'),
    ['environment CONTRAST__API__URL leads to 169.254.169.254, a link-local address'],
  ],
  [
    'the proxy is down',
    (right) => ({ ...right, CONTRAST__API__PROXY__URL: 'http://127.0.0.1:1' }),
    outcomesUpTo('proxy', 'dns'),
    ['the proxy http://127.0.0.1:1 (environment CONTRAST__API__PROXY__URL) is out of reach'],
  ],
  [
    'the url is no TeamServer',
    (right) => ({
      ...right,
      CONTRAST__API__URL: `${right.CONTRAST__API__URL}`.replace('/Contrast', '/other'),
    }),
    outcomesUpTo('teamserver', ...UNTRIED),
    ['nobody answers under this address', '(404'],
  ],
  [
    'the port speaks no TLS',
    (right) => ({
      ...right,
      CONTRAST__API__URL: `${right.CONTRAST__API__URL}`.replace('http:', 'https:'),
    }),
    outcomesUpTo('tls', 'dns', 'proxy'),
    ['does not speak TLS. Write http:// in url'],
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

const authority = createAuthority()

/** A TeamServer behind TLS, and a doctor that knows its authority. */
async function examineTls(
  issued: Issued,
  env: Readonly<Record<string, string>>,
): Promise<{ ok: boolean; tls: string; code: number | null }> {
  const server = await startScriptedServer({ tls: issued })
  await using place = await temporaryFolder({ 'ca.pem': authority.cert })
  const { code, stdout } = await runProgram(place.folder, [...DOCTOR, '--json'], {
    ...variables(),
    CONTRAST__API__URL: server.url,
    ...env,
  })
  const { ok, checks }: Diagnosis = JSON.parse(stdout)
  const check = checks.find(({ name }) => name === 'tls')
  return { ok, code, tls: `${check?.outcome}: ${check?.detail}` }
}

const KNOWN = { CONTRAST__API__CERTIFICATE__CA_FILE: 'ca.pem' }

test('the doctor tells of a right certificate its issuer, its end and its pin', async () => {
  const issued = authority.issue({ notAfter: new Date('2090-05-04T00:00:00Z') })
  expect(await examineTls(issued, KNOWN)).toEqual({
    ok: true,
    code: 0,
    tls:
      'pass: TLSv1.3; certificate of CN=Test Server for DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1; ' +
      `issued by CN=Test Authority; ends 2090-05-04; pin ${issued.pin}`,
  })
})

test.each<[string, Issued, Record<string, string>, RegExp]>([
  [
    'nobody vouches for',
    authority.issue(),
    {},
    /^fail: .*nobody known here vouches for .* What is there: TLSv1\.3; certificate of CN=Test Server for .*; issued by CN=Test Authority; ends /,
  ],
  [
    'has expired',
    authority.issue({ notAfter: new Date('2020-05-04T00:00:00Z') }),
    KNOWN,
    /^fail: .*has expired.* What is there: .*; ended 2020-05-04; pin sha256\//,
  ],
  [
    'has another key than the pins',
    authority.issue(),
    { ...KNOWN, CONTRAST__API__CERTIFICATE__PINS: authority.pin },
    /^fail: ERR_CERTIFICATE_PIN the key of the certificate \(sha256\/\S+\) is none of certificate\.pins/,
  ],
])(
  'the doctor ends with 1 at a certificate that %s, and shows it',
  async (_what, issued, env, says) => {
    const { ok, code, tls } = await examineTls(issued, env)
    expect({ ok, code }).toEqual({ ok: false, code: 1 })
    expect(tls).toMatch(says)
  },
)

test('the doctor goes through a proxy', async () => {
  const server = await startScriptedServer({ tls: authority.issue() })
  const proxy = await startScriptedProxy()
  await using place = await temporaryFolder({ 'ca.pem': authority.cert })
  const { code, stdout } = await runProgram(place.folder, DOCTOR, {
    ...variables(),
    ...KNOWN,
    CONTRAST__API__URL: server.url,
    CONTRAST__API__PROXY__URL: `http://ann:${OTHER_KEY}@localhost:${proxy.port}`,
  })
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^ {2}pass +proxy +http:\/\/localhost:\d+ \(environment CONTRAST__API__PROXY__URL\) lets the engine through$/m,
  )
  expect(stdout).toMatch(/^ {2}proxy\.password +••••stuv +/m)
  expect(stdout).not.toContain(OTHER_KEY)
  expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT localhost:${server.port}`]))
})

test('colours are for a terminal', async () => {
  const { stdout } = await runDoctor(variables())
  expect(stdout).not.toContain('\u001b')
  const diagnosis = { ok: true, settings: [], checks: [pass('url', 'x')] }
  expect(diagnosisInWords(diagnosis, true)).toContain('\u001b[32mpass')
  expect(diagnosisInWords(diagnosis, false)).toBe(
    '  pass     url  x\n\nA report would be accepted.',
  )
})

test('the help of the doctor names every check and the exit codes', async () => {
  const { code, stdout } = await runProgram(DIST, [...DOCTOR, '--help'])
  expect(code).toBe(0)
  for (const name of NAMES) expect(stdout).toMatch(new RegExp(`^  ${name} {2,}\\w`, 'm'))
  expect(stdout).toContain('Ends with 0 only if a report would be accepted, with 1 if not')
})

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
