import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { connectOrganization, createGlobalSetup } from '../../../mock-server/index.ts'

const NAMES = [
  'CONTRAST__API__URL',
  'CONTRAST__API__USER_NAME',
  'CONTRAST__API__SERVICE_KEY',
  'CONTRAST__API__API_KEY',
  'CONTRAST__API__TOKEN',
  'MOCK_TEAMSERVER_CONTROL_URL',
  'MOCK_TEAMSERVER_CONTROL_TOKEN',
  'MOCK_TEAMSERVER_ORGANIZATION',
]
const variables = () => Object.fromEntries(NAMES.map((name) => [name, process.env[name]]))

beforeEach(() => {
  for (const name of NAMES) vi.stubEnv(name, undefined)
})
afterEach(() => vi.unstubAllEnvs())

test('it sets the variables of an engine and of the control API, and puts back what was there', async () => {
  vi.stubEnv('CONTRAST__API__TOKEN', 'of another')
  const before = variables()
  const teardown = await createGlobalSetup()()
  expect(variables()).toEqual({
    CONTRAST__API__URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/Contrast$/),
    CONTRAST__API__USER_NAME: expect.stringMatching(/^agent_[0-9a-f-]{36}@Tests$/),
    CONTRAST__API__SERVICE_KEY: expect.stringMatching(/^[!-~]{32}$/),
    CONTRAST__API__API_KEY: undefined,
    CONTRAST__API__TOKEN: undefined,
    MOCK_TEAMSERVER_CONTROL_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/control$/),
    MOCK_TEAMSERVER_CONTROL_TOKEN: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    MOCK_TEAMSERVER_ORGANIZATION: expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
  const url = String(process.env.MOCK_TEAMSERVER_CONTROL_URL)
  expect((await connectOrganization()).name).toBe('Tests')
  await teardown()
  expect(variables()).toEqual(before)
  await expect(fetch(url)).rejects.toThrow()
})

test('an organization of one choice, and a teardown of its own for jest and node --test', async () => {
  const setup = createGlobalSetup({ organization: { name: 'Shop', apiKey: { enabled: true } } })
  await setup()
  expect(process.env.CONTRAST__API__API_KEY).toMatch(/^[!-~]{32}$/)
  expect((await connectOrganization()).name).toBe('Shop')
  await setup.teardown()
  await setup.teardown()
  expect(process.env.CONTRAST__API__URL).toBeUndefined()
})

test.each([
  [{ organisation: { name: 'Shop' } }, 'organisation'],
  [{ listen: { tls: true } }, 'listen.tls'],
])('%j is refused by name', (options, name) => {
  expect(() => createGlobalSetup(options as never)).toThrow(
    expect.objectContaining({ code: 'ERR_OPTION_INVALID', message: expect.stringContaining(name) }),
  )
})

test.each([
  [{ organization: { name: '' } }, 'the name of an organization'],
  [{ listen: { prot: 1 } }, 'prot'],
])('%j is refused when it is started, and nothing stays open', async (options, name) => {
  const before = variables()
  await expect(createGlobalSetup(options as never)()).rejects.toThrow(
    expect.objectContaining({ code: 'ERR_OPTION_INVALID', message: expect.stringContaining(name) }),
  )
  expect(variables()).toEqual(before)
})
