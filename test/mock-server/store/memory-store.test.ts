import { beforeEach, expect, test } from 'vitest'
import { createMemoryStore } from '../../../mock-server/store/memory-store.ts'
import type {
  AgentKeyRecord,
  AuditEntry,
  OrganizationRecord,
  StoredReport,
} from '../../../mock-server/store/records.ts'
import type { Store } from '../../../mock-server/store/store.ts'
import type { Report } from '../../../sdk/wire/messages.ts'

const AT = new Date('2026-03-01T12:00:00Z')
const slot = {
  current: { digest: Buffer.alloc(32), sealed: Buffer.alloc(0), since: AT },
  retired: [],
}

const organization = (id: string): OrganizationRecord => ({
  id,
  name: id,
  createdAt: AT,
  isApiKeyEnabled: false,
  apiKey: slot,
  addressRanges: { ranges: [], appliesToAgents: false },
  isLocked: false,
})

const agent = (userName: string, organizationId: string): AgentKeyRecord => ({
  kind: 'agent',
  userName,
  organizationId,
  name: 'default',
  serviceKey: slot,
  createdAt: AT,
})

const stored = (id: string, more: Partial<Report> = {}): StoredReport => ({
  receivedAt: AT,
  organizationId: 'a',
  agentUserName: 'agent@a',
  application: 'shop',
  report: { id, type: 'finding', rule: 'r', ...more } as Report,
})

const entry = (kind: AuditEntry['kind'], detail: string, ms = 0): AuditEntry => ({
  at: new Date(AT.getTime() + ms),
  kind,
  reason: 'x',
  detail,
})

/** What comes with each act. */
const MADE = entry('administration', 'made')

let store: Store

beforeEach(async () => {
  store = createMemoryStore({ reports: 3, sessions: 2, applications: 2, auditEntries: 3 })
  await store.addOrganization(organization('a'), [agent('agent@a', 'a')], MADE)
  await store.addOrganization(organization('b'), [agent('agent@b', 'b')], MADE)
})

const idsIn = async (id: string) => (await store.reports(id)).map(({ report }) => report.id)

test('reports are kept as they came, oldest first, and past the limit the oldest goes', async () => {
  for (const id of ['1', '2', '3', '4', '5', '6', '7']) {
    expect(await store.addReports('a', [stored(id)])).toEqual(['added'])
    const from = Math.max(1, Number(id) - 2)
    const kept = Array.from({ length: Number(id) - from + 1 }, (_, at) => String(from + at))
    expect(await idsIn('a')).toEqual(kept)
  }
  expect((await store.reports('a'))[0]).toEqual(stored('5'))
})

test('one call that is larger than the limit keeps the last of it', async () => {
  const outcomes = await store.addReports(
    'a',
    ['1', '2', '3', '4', '5'].map((id) => stored(id)),
  )
  expect(outcomes).toEqual(['added', 'added', 'added', 'added', 'added'])
  expect(await idsIn('a')).toEqual(['3', '4', '5'])
})

test('an id is stored once: known with the same content, a conflict with another', async () => {
  const other = stored('1', { title: 'other' })
  expect(await store.addReports('a', [stored('1'), stored('1'), other])).toEqual([
    'added',
    'known',
    'conflict',
  ])
  expect(await store.addReports('a', [other, stored('1')])).toEqual(['conflict', 'known'])
  expect(await store.reports('a')).toEqual([stored('1')])
})

test('an id that was pushed out is new again', async () => {
  await store.addReports(
    'a',
    ['1', '2', '3', '4'].map((id) => stored(id)),
  )
  expect(await store.addReports('a', [stored('1'), stored('3')])).toEqual(['added', 'known'])
  expect(await idsIn('a')).toEqual(['3', '4', '1'])
})

test('ids like __proto__ are ids like any other', async () => {
  const ids = ['__proto__', 'constructor', 'toString']
  expect(
    await store.addReports(
      'a',
      ids.map((id) => stored(id)),
    ),
  ).toEqual(['added', 'added', 'added'])
  expect(
    await store.addReports(
      'a',
      ids.map((id) => stored(id)),
    ),
  ).toEqual(['known', 'known', 'known'])
  expect(await idsIn('a')).toEqual(ids)
})

test('what is changed after it was stored, or after it was read, changes nothing', async () => {
  const given = stored('1')
  await store.addReports('a', [given])
  Object.assign(given.report, { rule: 'changed' })
  const [read] = await store.reports('a')
  Object.assign(read?.report ?? {}, { rule: 'changed too' })
  expect(await store.reports('a')).toEqual([stored('1')])
})

test('a hash is known as long as a finding that carries it is kept', async () => {
  const known = async () => [...(await store.knownHashes('a', ['h', 'i', 'j']))]
  await store.addReports('a', [stored('1', { hash: 'h' }), stored('2', { hash: 'h' })])
  await store.addReports('a', [{ ...stored('3'), report: { id: '3', type: 'library', hash: 'i' } }])
  expect(await known()).toEqual(['h'])
  await store.addReports('a', [stored('4', { hash: 'j' })])
  expect(await known()).toEqual(['h', 'j'])
  await store.addReports('a', [stored('5')])
  expect(await known()).toEqual(['j'])
  await store.addReports(
    'a',
    ['6', '7', '8'].map((id) => stored(id)),
  )
  expect(await known()).toEqual([])
})

test('organizations share nothing', async () => {
  await store.addReports('a', [stored('1', { hash: 'h' })])
  const session = { id: 's', application: 'shop', agentUserName: 'x', metadata: {}, createdAt: AT }
  await store.addSession('a', session)
  await store.changeApplication('a', 'shop', () => application('shop'))
  await store.changeServer('a', { name: 'n', path: '/', type: 't' }, (_, id) => server(id))
  await store.addAuditEntry('a', entry('refusal', 'one'))
  expect(await store.addReports('b', [stored('1', { title: 'of b' })])).toEqual(['added'])
  expect([...(await store.knownHashes('b', ['h']))]).toEqual([])
  expect(await store.session('b', 's')).toBeUndefined()
  expect(await store.application('b', 'shop')).toBeUndefined()
  expect([
    await store.sessions('b'),
    await store.applications('b'),
    await store.servers('b'),
  ]).toEqual([[], [], []])
  expect(await store.auditEntries('b')).toEqual([MADE])
  expect(await store.auditEntries(undefined)).toEqual([])
  expect(await store.reports('a')).toEqual([stored('1', { hash: 'h' })])
  expect((await store.callers('b')).map(({ userName }) => userName)).toEqual(['agent@b'])
})

test.each(['reports', 'sessions', 'applications', 'servers', 'callers'] as const)(
  '%s of an organization that does not exist are an error',
  async (what) => {
    await expect(store[what]('nobody')).rejects.toThrow('no organization nobody')
  },
)

const application = (name: string) => ({
  id: name,
  name,
  language: 'Node',
  tags: [],
  metadata: {},
  isArchived: false,
  createdAt: AT,
  lastSeenAt: AT,
})

const server = (id: number) => ({
  id,
  name: 'n',
  path: '/',
  type: 't',
  environment: 'QA' as const,
  tags: [],
  applicationIds: new Set<string>(),
  createdAt: AT,
  lastSeenAt: AT,
})

test('past the limit the application that was seen longest ago goes', async () => {
  const see = (name: string) => store.changeApplication('a', name, () => application(name))
  for (const name of ['one', 'two', 'one', 'three']) await see(name)
  expect((await store.applications('a')).map(({ name }) => name)).toEqual(['one', 'three'])
})

test('servers are bounded too, and no number comes twice', async () => {
  const ids: number[] = []
  for (const name of ['a', 'b', 'c', 'd']) {
    const { id } = await store.changeServer(
      'a',
      { name, path: '/', type: 't' },
      (before, next) => before ?? server(next),
    )
    ids.push(id)
  }
  expect(ids).toEqual([1, 2, 3, 4])
  expect((await store.servers('a')).map(({ id }) => id)).toEqual([3, 4])
})

test('the parts of a server are told apart, whatever stands in them', async () => {
  const add = (name: string, path: string, type: string) =>
    store.changeServer('b', { name, path, type }, (before, next) => before ?? server(next))
  expect((await add('a","b', 'c', 'd')).id).toBe(1)
  expect((await add('a', 'b","c', 'd')).id).toBe(2)
})

test('past the limit the oldest session goes', async () => {
  for (const id of ['1', '2', '3']) {
    const session = { id, application: 'shop', agentUserName: 'x', metadata: {}, createdAt: AT }
    await store.addSession('a', session)
  }
  expect((await store.sessions('a')).map(({ id }) => id)).toEqual(['2', '3'])
  expect(await store.session('a', '1')).toBeUndefined()
})

test.each(['a', undefined])(
  'refusals and remarks never push out what administrators did (%s) (S-210)',
  async (id) => {
    for (const at of [1, 2, 3])
      await store.addAuditEntry(id, entry('administration', `act ${at}`, at))
    for (let at = 0; at < 100; at++) {
      await store.addAuditEntry(
        id,
        entry(at % 2 === 0 ? 'refusal' : 'notice', `caused ${at}`, 10 + at),
      )
    }
    const details = (await store.auditEntries(id)).map(({ detail }) => detail)
    expect(details).toEqual(['act 1', 'act 2', 'act 3', 'caused 97', 'caused 98', 'caused 99'])
    await store.addAuditEntry(id, entry('administration', 'act 4', 200))
    expect((await store.auditEntries(id)).map(({ detail }) => detail)).toEqual([
      'act 2',
      'act 3',
      'caused 97',
      'caused 98',
      'caused 99',
      'act 4',
    ])
  },
)

test('an organization is added whole or not at all', async () => {
  const taken = [agent('new@c', 'c'), agent('agent@a', 'c')]
  expect(await store.addOrganization(organization('c'), taken, MADE)).toBe(false)
  const twice = [agent('new@c', 'c'), agent('new@c', 'c')]
  expect(await store.addOrganization(organization('c'), twice, MADE)).toBe(false)
  expect(await store.addOrganization(organization('a'), [agent('new@c', 'a')], MADE)).toBe(false)
  expect(await store.organization('c')).toBeUndefined()
  expect(await store.caller('new@c')).toBeUndefined()
  expect(await store.addOrganization(organization('c'), [agent('new@c', 'c')], MADE)).toBe(true)
  expect((await store.organizations()).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
})

test('a user name belongs to one caller, and one look finds what a decision needs', async () => {
  expect(await store.addCaller(agent('agent@b', 'a'), MADE)).toBe(false)
  expect(await store.lookUp('agent@a', 'b')).toMatchObject({
    caller: { userName: 'agent@a' },
    named: { id: 'b' },
    own: { id: 'a' },
  })
  expect(await store.lookUp('nobody', 'nothing')).toEqual({
    caller: undefined,
    named: undefined,
    own: undefined,
  })
  expect(await store.lookUp('__proto__', undefined)).toMatchObject({ caller: undefined })
})

test('changes that come at once are made one after the other, and none is lost', async () => {
  await Promise.all(
    Array.from({ length: 100 }, () =>
      store.changeOrganization('a', (before) => ({ ...before, name: `${before.name}x` }), MADE),
    ),
  )
  expect((await store.organization('a'))?.name).toBe(`a${'x'.repeat(100)}`)
  const record = agent('agent@a', 'a')
  await Promise.all(
    Array.from({ length: 100 }, () =>
      store.changeCaller(record, (before) => ({ ...before, name: `${before.name}x` })),
    ),
  )
  expect(await store.caller('agent@a')).toMatchObject({ name: `default${'x'.repeat(100)}` })
})

test('a change that throws leaves the record as it was', async () => {
  const fail = () => {
    throw new Error('no')
  }
  await expect(store.changeOrganization('a', fail, MADE)).rejects.toThrow('no')
  await expect(store.changeCaller(agent('agent@a', 'a'), fail)).rejects.toThrow('no')
  await expect(store.changeApplication('a', 'shop', fail)).rejects.toThrow('no')
  expect(await store.organization('a')).toEqual(organization('a'))
  expect(await store.caller('agent@a')).toEqual(agent('agent@a', 'a'))
  expect(await store.applications('a')).toEqual([])
})

test('what does not exist is not changed', async () => {
  expect(await store.changeOrganization('c', (before) => before, MADE)).toBeUndefined()
  expect(await store.changeCaller(agent('nobody', 'a'), (before) => before)).toBeUndefined()
})
