import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { DEFAULT_HTTP_LIMITS } from '../../mock-server/adapters/node-http.ts'
import { refusal } from '../../mock-server/core/answer.ts'
import { DEFAULT_LIMITS } from '../../mock-server/core/limits.ts'
import { createTeamServer } from '../../mock-server/index.ts'
import { ROUTES } from '../../mock-server/routes/index.ts'
import {
  type Access,
  ADMIN_AND_AUDITOR,
  ADMIN_ONLY,
  ALL_ROLES,
  EDIT_AND_UP,
  EVERY_ROLE,
  type PersonAccess,
  RULES_ADMIN_AND_UP,
} from '../../mock-server/routes/route.ts'
import { plant } from '../../mock-server/seed/plant.ts'
import { readSeedFile } from '../../mock-server/seed/seed-file.ts'
import { DEFAULT_RETENTION } from '../../mock-server/store/retention.ts'
import schemas from '../../sdk/wire/schemas.json' with { type: 'json' }
import { temporaryFolder } from '../end-to-end/download.ts'
import { DIST, runProgram, startProgram } from '../end-to-end/program.ts'
import { JSON_REPORT, readJsonReport } from '../json-report.ts'
import { promisedOutput, readPage, runBlock } from './page.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COMMAND = `${DIST}/mock-server/mock-teamserver.js`
const page = readPage('mock-teamserver.md')

function who(access: Access | PersonAccess | 'anyone'): string {
  if (typeof access === 'string') return access
  const words = new Map([
    [ALL_ROLES, 'view and up'],
    [EDIT_AND_UP, 'edit and up'],
    [RULES_ADMIN_AND_UP, 'rules_admin and up'],
    [ADMIN_ONLY, 'admin'],
    [ADMIN_AND_AUDITOR, 'admin and auditor'],
    [EVERY_ROLE, 'view and up, and auditor'],
  ])
  return words.get(access.people) ?? 'a set of roles without a word'
}

test('the table of calls names every route that is ours, who may use what, and whose idea it was', () => {
  const told = page.rows.filter(([method = '']) => /^(GET|PUT|POST|DELETE)$/.test(method))
  const served = ROUTES.map(({ method, path, access, description }) => [
    method,
    path,
    who(access),
    description.isOurs ? 'ours' : 'documented',
  ])
  // The documented ones stand in rest.md.
  const known = served.map((row) => row.join(' '))
  const rows = told.map((row) => row.slice(0, 4).join(' '))
  expect(rows.filter((row) => !known.includes(row))).toEqual([])
  expect(known.filter((row) => row.endsWith('ours') && !rows.includes(row))).toEqual([])
})

const REASONS = schemas.$defs.RefusalReason.enum as Parameters<typeof refusal>[0][]

test('the table of refusals names every class with the status that is answered, and no other', () => {
  const told = page.rows.filter(([, status = '']) => /^[45]\d\d$/.test(status))
  const answered = REASONS.map((reason) => [reason, String(refusal(reason).status)])
  expect(told.map((row) => row.slice(0, 2)).sort()).toEqual(answered.sort())
})

test.each([
  ['limits', { ...DEFAULT_LIMITS, ...DEFAULT_HTTP_LIMITS }],
  ['retention', { ...DEFAULT_RETENTION }],
])('the table of %s names each with its default', (_name, defaults) => {
  const told = new Map(page.rows.map(([name = '', value]) => [name, value]))
  for (const [name, value] of Object.entries(defaults)) {
    expect([name, told.get(name)]).toEqual([name, value.toLocaleString('en').replaceAll(',', ' ')])
  }
})

test('the table of options names every option of the command, and no other', async () => {
  const { stdout } = await runProgram(DIST, [COMMAND, '--help'])
  const options = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, name]) => name)
  const told = page.rows.flatMap(([first = '']) => first.match(/--[\w-]+/g) ?? [])
  expect(told.sort()).toEqual(options.sort())
})

test('the table of options of createTeamServer names each', () => {
  const unknown = { clock: Date.now, surely: 'unknown' }
  let message = ''
  try {
    createTeamServer(unknown)
  } catch (error) {
    message = String(error)
  }
  const [, names = ''] = /createTeamServer takes (.+)$/.exec(message) ?? []
  const told = page.rows.map(([first = '']) => first)
  expect(names.split(', ').length).toBeGreaterThan(3)
  expect(told).toEqual(expect.arrayContaining(names.split(', ')))
})

test('every member of a TeamServer, an organization and an API key stands on the page', async () => {
  const teamServer = createTeamServer()
  const organization = await teamServer.createOrganization({ name: 'Shop' })
  const members = [
    ...Object.keys(teamServer),
    ...Object.keys(organization),
    ...Object.getOwnPropertyNames(organization.apiKey),
    ...Object.getOwnPropertyNames(organization.agent),
  ]
  expect(members.length).toBeGreaterThan(30)
  const missing = members.filter((name) => !new RegExp(`\`${name}\\b`).test(page.text))
  expect(missing).toEqual([])
  await teamServer.close()
})

test('the seed file of the page is read, and puts in place what it says', async () => {
  const [block] = page.blocks.filter(({ language }) => language === 'yaml')
  await using place = await temporaryFolder({ 'seed.yaml': block?.code ?? '' })
  const teamServer = createTeamServer()
  const planted = await plant(teamServer, readSeedFile(`${place.folder}/seed.yaml`))
  const [shop, warehouse] = planted.organizations
  expect(shop).toMatchObject({
    id: '5f1c8ad2-6f0e-4b5c-9d41-2a7c0d9e8b31',
    agent: { serviceKey: '9876543210ABCDEFGHIJklmnopqrstuv' },
    apiKey: { isEnabled: true, value: '0123456789ABCDEFGHIJklmnopqrstuv' },
  })
  expect((await shop?.agentKeys())?.map(({ name }) => name)).toEqual(['default', 'staging'])
  expect(shop && planted.adminOf(shop)?.userName).toBe('admin@shop')
  expect(warehouse?.name).toBe('Warehouse')
  expect(planted.superadmin?.userName).toBe('root')
})

test('the line of --json has the shape that the page shows', async () => {
  const args = [COMMAND, '--port', '0', '--json', '--control']
  const { child, ended } = startProgram(DIST, args)
  await new Promise((resolve) => child.stdout.once('data', resolve))
  child.kill('SIGTERM')
  const { stdout, ...rest } = await ended
  expect(rest).toEqual({ code: 0, signal: null, stderr: '' })
  const [block] = page.blocks.filter(({ language }) => language === 'json')
  expect(shapeOf(JSON.parse(stdout))).toEqual(shapeOf(JSON.parse(block?.code ?? '')))
})

function shapeOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]))
}

const isTestFile = ({ code }: { readonly code: string }) => code.startsWith('// shop.test.js')
const PROGRAMS = page.blocks.filter((block) => block.language === 'js' && !isTestFile(block))

test.each(PROGRAMS.map((block) => [block.code.split('\n').at(3) ?? '', block] as const))(
  'the program of the page with "%s" runs as pasted and prints what the page says',
  async (_line, block) => {
    const { stdout, ...ended } = await runBlock(block)
    expect(ended).toEqual({ code: 0, signal: null, stderr: '' })
    expect(stdout).toBe(promisedOutput(block) ?? '')
  },
)

test('the test file of the page passes in a project of its own', async () => {
  const block = page.blocks.find(isTestFile)
  await using place = await temporaryFolder({
    'package.json': '{"name":"shop","type":"module"}',
    'shop.test.js': block?.code ?? '',
  })
  const modules = join(place.folder, 'node_modules')
  await mkdir(modules)
  await symlink(ROOT, join(modules, 'teamserver-engine'))
  await symlink(join(ROOT, 'node_modules/vitest'), join(modules, 'vitest'))
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...JSON_REPORT, '--no-color']
  const { code } = await runProgram(place.folder, args, { NO_COLOR: '1' })
  expect(code).toBe(0)
  expect(await readJsonReport(place.folder)).toMatchObject({
    numTotalTests: 1,
    numPassedTests: 1,
    success: true,
  })
})
