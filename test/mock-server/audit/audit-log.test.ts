import { beforeEach, expect, test } from 'vitest'
import type { Organization, PersonCredentials, TeamServer } from '../../../mock-server/index.ts'
import { ask, type Reply } from '../ask.ts'
import { createShop } from '../shop.ts'

const START = Date.parse('2026-03-01T12:00:00Z')
const HOUR = 3_600_000

interface Page {
  readonly total: number
  readonly logs: readonly { readonly date: number; readonly message: string }[]
}

let teamServer: TeamServer
let shop: Organization
let admin: PersonCredentials
let nowMs: number

beforeEach(async () => {
  nowMs = START
  ;({ teamServer, shop } = await createShop({ clock: () => new Date(nowMs) }))
  admin = await shop.addPerson({ role: 'admin' })
})

function read(
  search: Readonly<Record<string, string>> = {},
  reader: { readonly authorization: string } = admin,
  path = `/ng/${shop.id}/security/audit`,
): Promise<Reply> {
  const { authorization } = reader
  return ask(teamServer, 'GET', `${path}?${new URLSearchParams(search)}`, { authorization })
}

async function messages(search: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { body } = await read(search)
  return (body as Page).logs.map(({ message }) => message)
}

/** Rotates the API key once an hour: `count` acts with a moment of their own. */
async function rotate(count: number): Promise<void> {
  for (let turn = 1; turn <= count; turn++) {
    nowMs = START + turn * HOUR
    await shop.apiKey.rotate({ overlapMs: turn })
  }
}

test('an entry is a date in milliseconds, the same in ISO 8601, and a sentence', async () => {
  await rotate(1)
  const { status, body } = await read({ limit: '1' })
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      success: true,
      messages: [],
      total: 3,
      logs: [
        {
          date: START + HOUR,
          timestamp: '2026-03-01T13:00:00.000Z',
          message: 'in-process rotated the organization API key with an overlap of 1 ms',
        },
      ],
    },
  })
})

test('what happened in the same moment stands newest first as well', async () => {
  await shop.apiKey.enable()
  await ask(teamServer, 'GET', `/ng/${shop.id}/security/audit`, {
    authorization: admin.authorization,
  })
  await shop.apiKey.disable()
  expect(await messages({ limit: '3' })).toEqual([
    'in-process switched the organization API key off',
    `${admin.userName} was refused at GET /Contrast/api/ng/${shop.id}/security/audit: api-key-wrong (api-key-missing)`,
    'in-process switched the organization API key on',
  ])
})

test('a sentence names who, from where and what', async () => {
  const url = `http://teamserver.test/Contrast/api/ng/${shop.id}/security/ip-ranges`
  const request = (authorization: string, body: string) =>
    teamServer.handle(
      new Request(url, {
        method: 'PUT',
        headers: { authorization, 'content-type': 'application/json' },
        body,
      }),
      { remoteAddress: '198.51.100.7' },
    )
  await request(admin.authorization, '{"ipRange": ["198.51.100.0/24"]}')
  await request(Buffer.from('nobody@shop:x').toString('base64'), '{}')
  await request('?', '{}')
  expect(await read()).toMatchObject({ status: 403, body: { reason: 'address-refused' } })
  await shop.restrictAddresses([])
  expect((await messages({})).slice(0, 2)).toEqual([
    'in-process changed the address ranges: removed 198.51.100.0/24',
    `${admin.userName} was refused at GET /Contrast/api/ng/${shop.id}/security/audit: address-refused`,
  ])
  expect(await messages({ keyword: '198.51.100.7' })).toEqual([
    `an unknown caller from 198.51.100.7 was refused at PUT /Contrast/api/ng/${shop.id}/security/ip-ranges: credentials-wrong (authorization-malformed)`,
    `nobody@shop from 198.51.100.7 was refused at PUT /Contrast/api/ng/${shop.id}/security/ip-ranges: credentials-wrong (user-unknown)`,
    `${admin.userName} from 198.51.100.7 changed the address ranges: added 198.51.100.0/24`,
  ])
})

test('pages follow each other without a gap, and the total is that of all pages', async () => {
  await rotate(5)
  const whole = await messages({})
  const pages = await Promise.all(
    ['0', '3', '6', '9'].map((offset) => messages({ limit: '3', offset })),
  )
  expect(whole).toHaveLength(7)
  expect(pages.flat()).toEqual(whole)
  expect((await read({ limit: '3', offset: '6' })).body).toMatchObject({ total: 7 })
})

test('a page has a hundred entries when nobody says how many, and a thousand at most', async () => {
  for (let turn = 0; turn < 1_100; turn++) await shop.apiKey.enable()
  await shop.apiKey.disable()
  expect(await messages({})).toHaveLength(100)
  expect(await messages({ limit: '100000' })).toHaveLength(1_000)
})

test.each([
  ['from a moment in milliseconds', { startDate: String(START + 2 * HOUR) }, [3, 2]],
  ['until a moment in milliseconds', { endDate: String(START + 2 * HOUR) }, [2, 1]],
  ['between two', { startDate: '2026-03-01T14:00:00Z', endDate: '2026-03-01T14:00:00.000Z' }, [2]],
  ['from a moment of another zone', { startDate: '2026-03-01T16:00:00+01:00' }, [3]],
  ['from a moment without a zone, which is UTC', { startDate: '2026-03-01T15:00:00' }, [3]],
  ['until a whole day', { endDate: '2026-03-01' }, [3, 2, 1]],
  ['until the day before', { endDate: '2026-02-28' }, []],
  ['with empty parameters', { startDate: '', endDate: '', limit: '', offset: '' }, [3, 2, 1]],
])('entries %s', async (_what, search, overlaps) => {
  await rotate(3)
  const found = await messages({ ...search, keyword: 'rotated' })
  expect(found.map((message) => Number(/(\d) ms$/.exec(message)?.[1]))).toEqual(overlaps)
})

test.each([
  ['ROTATED the ORGANIZATION', 3],
  ['in-process', 5],
  ['rotat.d', 0],
  ['.*', 0],
  ['(', 0],
  ['(a+)+$', 0],
  ['%', 0],
  ['\\', 0],
  ['[', 0],
])('the keyword %s is text and no expression (S-603)', async (keyword, count) => {
  await rotate(3)
  expect(await messages({ keyword })).toHaveLength(count)
})

test.each([
  ['startDate', 'yesterday'],
  ['startDate', '2026-13-01'],
  ['endDate', '99999999999999999999'],
  ['endDate', '1e3'],
  ['limit', '0'],
  ['limit', '-1'],
  ['limit', '2.5'],
  ['offset', 'x'],
])('%s=%s is refused, named and not repeated', async (name, value) => {
  const { status, body } = await read({ [name]: value })
  expect({ status, body }).toMatchObject({ status: 400, body: { reason: 'request-malformed' } })
  expect(JSON.stringify(body)).toContain(name)
  if (value.length > 2) expect(JSON.stringify(body)).not.toContain(value)
})

test('every wrong parameter is named at once', async () => {
  const { body } = await read({ startDate: '?', endDate: '?', limit: '?', offset: '?' })
  expect(JSON.stringify(body)).toMatch(/startDate.*endDate.*limit.*offset/)
})

test.each(['view', 'edit', 'rules_admin', 'observer'] as const)(
  '%s cannot read the log (S-603)',
  async (role) => {
    const reader =
      role === 'observer' ? await teamServer.addPerson({ role }) : await shop.addPerson({ role })
    expect(await read({}, reader)).toMatchObject({ status: 403, body: { reason: 'role-refused' } })
  },
)

test('an agent cannot read the log, and a stranger cannot (S-603)', async () => {
  const { userName, serviceKey } = shop.agent
  const authorization = Buffer.from(`${userName}:${serviceKey}`).toString('base64')
  expect(await read({}, { authorization })).toMatchObject({ status: 403 })
  expect(await read({}, { authorization: 'x' })).toMatchObject({ status: 401 })
})

test.each(['auditor', 'superadmin'] as const)('%s can read the log', async (role) => {
  const reader =
    role === 'superadmin' ? await teamServer.addPerson({ role }) : await shop.addPerson({ role })
  expect(await read({}, reader)).toMatchObject({ status: 200, body: { success: true } })
})

test('an auditor can read the log and nothing else', async () => {
  const auditor = await shop.addPerson({ role: 'auditor' })
  for (const path of ['applications', 'organizations/apikey', 'security/ip-ranges']) {
    expect(await read({}, auditor, `/ng/${shop.id}/${path}`)).toMatchObject({ status: 403 })
  }
})

test.each(['PUT', 'POST', 'DELETE', 'PATCH'])('nobody can %s the log (S-603)', async (method) => {
  const path = `/ng/${shop.id}/security/audit`
  const { authorization } = admin
  expect(await ask(teamServer, method, path, { authorization, json: {} })).toMatchObject({
    status: 405,
  })
})

test("another organization's log is not readable, nor what concerns none", async () => {
  const other = await teamServer.createOrganization({ name: 'Other' })
  const path = `/ng/${other.id}/security/audit`
  expect(await read({}, admin, path)).toMatchObject({
    status: 403,
    body: { reason: 'organization-refused' },
  })
  expect(await read({}, admin, '/ng/superadmin/security/audit')).toMatchObject({
    status: 403,
    body: { reason: 'role-refused' },
  })
})

test('a superadmin reads what concerns no organization, and an observer does not', async () => {
  const superadmin = await teamServer.addPerson({ role: 'superadmin' })
  const observer = await teamServer.addPerson({ role: 'observer' })
  const path = '/ng/superadmin/security/audit'
  const { status, body } = await read({ keyword: 'added' }, superadmin, path)
  expect({ status, body }).toMatchObject({ status: 200, body: { total: 2 } })
  expect(JSON.stringify(body)).toContain(`added ${superadmin.userName} as superadmin`)
  expect(await read({}, observer, path)).toMatchObject({ status: 403 })
})

test('a reader of the log changes nothing in it', async () => {
  const before = await shop.auditLog()
  await read()
  await read({ keyword: 'x' })
  expect(await shop.auditLog()).toEqual(before)
})

test('in process, entries can be searched by their kind', async () => {
  await rotate(2)
  await read({}, { authorization: 'x' })
  const { total, entries } = await teamServer.store.searchAuditEntries(shop.id, {
    kind: 'refusal',
  })
  expect([total, entries.map(({ reason }) => reason)]).toEqual([1, ['credentials-wrong']])
})

test('ten thousand of both kinds are searched in less than half a second', async () => {
  for (let turn = 0; turn < 10_000; turn++) await shop.apiKey.enable()
  const refused = { at: new Date(START), kind: 'refusal', reason: 'r', detail: 'd' } as const
  for (let turn = 0; turn < 10_000; turn++) await teamServer.store.addAuditEntry(shop.id, refused)
  await shop.apiKey.disable()
  const startedAt = performance.now()
  expect(await messages({ keyword: 'nothing of this' })).toEqual([])
  expect(performance.now() - startedAt).toBeLessThan(500)
})
