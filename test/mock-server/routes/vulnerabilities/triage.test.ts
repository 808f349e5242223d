import { beforeEach, expect, test } from 'vitest'
import { ask } from '../../ask.ts'
import { reporterFor } from '../../reporting.ts'
import { createScene, NOW, type Scene, sentenceOf } from './scene.ts'

let scene: Scene
let alpha: string
let delta: string

beforeEach(async () => {
  scene = await createScene()
  alpha = await scene.uuid('Alpha')
  delta = await scene.uuid('Delta')
})

const triageOf = async (uuid: string) =>
  (await scene.teamServer.store.vulnerability(scene.shop.id, uuid))?.triage

test('a mark is kept with who made it, as history and as a note that nobody edits', async () => {
  const edit = await scene.shop.addPerson({ role: 'edit', userName: 'eve@shop' })
  const given = { traces: [alpha, delta], status: 'NotAProblem', substatus: 'Trusted', note: 'ok' }
  const reply = await scene.send('PUT', '/orgtraces/mark', given, edit)
  expect(reply).toMatchObject({ status: 200, body: { messages: ['Vulnerabilities marked: 2.'] } })
  for (const uuid of [alpha, delta]) {
    expect(await triageOf(uuid)).toMatchObject({
      status: 'not-a-problem',
      substatus: 'Trusted',
      closedAt: new Date(NOW),
      history: [{ at: new Date(NOW), by: 'eve@shop', from: 'reported', to: 'not-a-problem' }],
    })
  }
  const notes = `/applications/${await scene.appId('web')}/traces/${alpha}/notes`
  const { body } = await scene.get(notes)
  expect(body).toMatchObject({
    notes: [
      {
        note: 'ok',
        creator: 'eve@shop',
        creation: NOW,
        deletable: false,
        readOnlyPropertyType: 'STATUS_CHANGE',
        properties: [
          { name: 'status.change.previous.status', value: 'Reported' },
          { name: 'status.change.status', value: 'NotAProblem' },
          { name: 'status.change.substatus', value: 'Trusted' },
        ],
      },
    ],
  })
  const [note] = (body as { notes: { id: string }[] }).notes
  expect((await scene.send('DELETE', `${notes}/${note?.id}`)).status).toBe(400)
  expect((await scene.get(`/orgtraces/filter/${alpha}`)).body).toMatchObject({
    trace: { status: 'Not a Problem', status_keycode: 'NotAProblem', closed_time: NOW },
  })
})

test('what was mended and is seen again is reported again, and says who did it', async () => {
  await scene.send('PUT', '/orgtraces/mark', { traces: [alpha], status: 'Remediated' })
  scene.teamServer.clock.advance(1_000)
  await reporterFor(scene.teamServer, scene.shop)(
    [{ type: 'finding', rule: 'sql-injection', url: '/orders' }],
    { application: 'web' },
  )
  const triage = await triageOf(alpha)
  expect(triage).toMatchObject({ status: 'reported' })
  expect(triage?.closedAt).toBeUndefined()
  expect(triage?.history.map(({ by, from, to }) => [by, from, to])).toEqual([
    ['admin@shop', 'reported', 'remediated'],
    ['TeamServer', 'remediated', 'reported'],
  ])
})

test.each([
  [
    { traces: ['AAAA-BBBB-CCCC-DDDD'], status: 'Fixed' },
    404,
    'there is no vulnerability of this id',
  ],
  [{ status: 'Fixed' }, 400, 'traces is missing'],
  [{ traces: [], status: 'Fixed' }, 400, 'traces must not be empty'],
  [{ traces: ['x'] }, 400, 'status is missing'],
  [
    { traces: ['x'], status: 'Done' },
    400,
    'status must be of Reported, Suspicious, Confirmed, NotAProblem, Remediated, Fixed, AutoRemediated',
  ],
])('the mark %j is refused with %i', async (body, status, sentence) => {
  const reply = await scene.send('PUT', '/orgtraces/mark', body)
  expect(reply.status).toBe(status)
  expect(sentenceOf(reply)).toContain(sentence)
})

test('one id that is not there lets the others be', async () => {
  const body = { traces: [alpha, 'AAAA-BBBB-CCCC-DDDD'], status: 'Fixed' }
  expect((await scene.send('PUT', '/orgtraces/mark', body)).status).toBe(404)
  const ofAnother = { traces: [alpha, delta], status: 'Fixed' }
  const path = `/traces/${await scene.appId('web')}/mark`
  expect((await scene.send('PUT', path, ofAnother)).status).toBe(404)
  expect((await triageOf(alpha))?.status).toBe('reported')
})

test.each([
  ['application/json', '{"note":"a & b"}'],
  ['application/x-www-form-urlencoded', 'note=a+%26+b'],
  ['application/x-www-form-urlencoded; charset=UTF-8', 'note=a%20%26%20b&x=y'],
  // As a public client does it.
  ['application/json', 'note=a+%26+b'],
])('a note sent as %s %j is kept', async (type, body) => {
  const { authorization } = scene.admin
  const notes = `/ng/${scene.shop.id}/applications/${await scene.appId('web')}/traces/${alpha}/notes`
  const reply = await ask(scene.teamServer, 'POST', notes, {
    authorization,
    headers: { 'content-type': type },
    body,
  })
  expect(reply).toMatchObject({
    status: 200,
    body: { success: true, note: { note: 'a & b', creator: 'admin@shop', deletable: true } },
  })
})

test.each([
  ['application/json', '', 400],
  ['application/json', '{}', 400],
  ['application/json', '{"note":""}', 400],
  ['application/x-www-form-urlencoded', '', 400],
  ['application/x-www-form-urlencoded', 'text=x', 400],
  ['text/plain', 'note=x', 415],
])('a note sent as %s %j is refused with %i', async (type, body, status) => {
  const { authorization } = scene.admin
  const notes = `/ng/${scene.shop.id}/applications/${await scene.appId('web')}/traces/${alpha}/notes`
  const headers = { 'content-type': type }
  const reply = await ask(scene.teamServer, 'POST', notes, { authorization, headers, body })
  expect([reply.status, (await triageOf(alpha))?.notes]).toEqual([status, []])
})

test('a form is a form only where one is taken', async () => {
  const { authorization } = scene.admin
  const reply = await ask(scene.teamServer, 'PUT', `/ng/${scene.shop.id}/orgtraces/mark`, {
    authorization,
    headers: { 'content-type': 'application/json' },
    body: `traces=${alpha}&status=Fixed`,
  })
  expect(reply).toMatchObject({
    status: 400,
    body: { messages: ['The body is malformed: it is not JSON.'] },
  })
})

test('a note is changed and deleted', async () => {
  const notes = `/applications/${await scene.appId('web')}/traces/${alpha}/notes`
  const { body } = await scene.send('POST', notes, { note: 'one' })
  const { id } = (body as { note: { id: string } }).note
  scene.teamServer.clock.advance(5_000)
  expect((await scene.send('PUT', `${notes}/${id}`, { note: 'two' })).status).toBe(200)
  expect((await scene.get(notes)).body).toMatchObject({
    notes: [{ id, note: 'two', creation: NOW, last_modification: NOW + 5_000 }],
  })
  expect((await scene.send('DELETE', `${notes}/${id}`)).status).toBe(200)
  expect((await scene.get(notes)).body).toMatchObject({ notes: [] })
  expect((await scene.send('DELETE', `${notes}/${id}`)).status).toBe(404)
})

test('tags are added once each, listed, and taken away', async () => {
  const list = async (path: string) => (await scene.get(path)).body
  const web = await scene.appId('web')
  expect(await list('/tags/traces')).toEqual({ success: true, messages: [], tags: ['urgent'] })
  await scene.send('PUT', '/tags/traces', { traces_id: [alpha, delta], tags: ['b', 'a', 'b'] })
  expect(await list('/tags/traces')).toMatchObject({ tags: ['a', 'b', 'urgent'] })
  expect(await list(`/tags/traces/trace/${alpha}`)).toMatchObject({ tags: ['urgent', 'b', 'a'] })
  expect(await list(`/tags/traces/application/${web}`)).toMatchObject({
    tags: ['a', 'b', 'urgent'],
  })
  expect(await list('/tags/traces/server/2')).toMatchObject({ tags: ['a', 'b'] })
  const several = await scene.send('POST', '/tags/traces/bulk', { traces_uuid: [delta] })
  expect(several.body).toMatchObject({ tags: ['a', 'b'] })
  await scene.send('PUT', '/tags/traces/bulk', {
    traces_uuid: [alpha],
    tags: ['c'],
    tags_remove: ['urgent'],
  })
  expect((await triageOf(alpha))?.tags).toEqual(['b', 'a', 'c'])
  const removed = await scene.send('DELETE', `/tags/trace/${alpha}`, { tag: 'b' })
  expect(removed.body).toEqual({ success: true, messages: [], tags: ['a', 'c'] })
  const again = await scene.send('DELETE', `/tags/trace/${alpha}`, { tag: 'b' })
  expect(again.body).toMatchObject({ tags: ['a', 'c'] })
  const unknown = { traces_id: [alpha, 'none'], tags: ['x'] }
  expect((await scene.send('PUT', '/tags/traces', unknown)).status).toBe(404)
  expect((await triageOf(alpha))?.tags).toEqual(['a', 'c'])
})

test('what is deleted is gone, and new when it is seen again', async () => {
  const { body } = await scene.send('DELETE', '/orgtraces', { traces: [alpha, delta] })
  expect(body).toMatchObject({ success: true, jobId: expect.any(String) })
  expect((await scene.get('/orgtraces/filter')).body).toMatchObject({ count: 2 })
  expect((await scene.get(`/orgtraces/filter/${alpha}`)).status).toBe(404)
  const web = await scene.appId('web')
  const bravo = await scene.uuid('Bravo')
  expect((await scene.send('DELETE', `/traces/${web}/trace/${bravo}`)).status).toBe(200)
  expect((await scene.send('DELETE', `/traces/${web}/trace/${bravo}`)).status).toBe(404)
})

test('a severity is set by hand and taken back', async () => {
  const path = `/orgtraces/trace/${alpha}/severity`
  await scene.send('PUT', path, { severity: 'LOW', override: true })
  expect((await scene.get(`/orgtraces/filter/${alpha}`)).body).toMatchObject({
    trace: { severity: 'LOW', default_severity: 'CRITICAL', impact: 'Low' },
  })
  await scene.send('PUT', path, { severity: 'LOW', override: false })
  expect((await scene.get(`/orgtraces/filter/${alpha}`)).body).toMatchObject({
    trace: { severity: 'CRITICAL' },
  })
  expect((await scene.send('PUT', path, { severity: 'BAD', override: true })).status).toBe(400)
})

test('sessions are told apart by what was seen in them', async () => {
  const report = reporterFor(scene.teamServer, scene.shop)
  const weak = (url: string) => ({ type: 'finding', rule: 'xxe', url })
  await report([weak('/one'), weak('/both')], { application: 'web', session: 's1' })
  await report([weak('/both'), weak('/two')], { application: 'web', session: 's2' })
  const uuids = new Map((await scene.shop.vulnerabilities()).map(({ url, uuid }) => [url, uuid]))
  const base = `/ng/organizations/${scene.shop.id}/applications/${await scene.appId('web')}/vulnerabilities/diff`
  const diff = async (what: string, query = 'from=s1&to=s2') =>
    ask(scene.teamServer, 'GET', `${base}/${what}?${query}`, {
      authorization: scene.admin.authorization,
    })
  for (const [what, url] of [
    ['additions', '/two'],
    ['subtractions', '/one'],
    ['unchanged', '/both'],
  ] as const) {
    expect((await diff(what)).body).toMatchObject({
      vulnerabilities: [uuids.get(url)],
      total: 1,
    })
  }
  expect(sentenceOf(await diff('additions', 'from=s1'))).toContain('to is missing')
  const { body } = await scene.get('/orgtraces/filter?agentSessionId=s2&sort=title')
  expect(body).toMatchObject({ count: 2 })
})

test('trends count what was found and closed in each stretch of time', async () => {
  const trend = async (what: string) => {
    const { body } = await scene.get(`/orgtraces/stats/trend/week/${what}`)
    const { open, closed } = body as Record<'open' | 'closed', { count: number }[]>
    return [open.map(({ count }) => count), closed.map(({ count }) => count)]
  }
  expect(await trend('new')).toEqual([
    [0, 1, 0, 0, 0, 1, 0],
    [0, 0, 0, 0, 0, 1, 0],
  ])
  expect(await trend('total')).toEqual([
    [2, 3, 3, 3, 3, 3, 3],
    [0, 0, 0, 0, 0, 1, 1],
  ])
  expect((await scene.get('/orgtraces/stats/trend/decade/new')).status).toBe(404)
  const { body } = await scene.get('/orgtraces/stats/ttr/severity/trend')
  const { trend: times } = body as {
    trend: { severity: string; count: number; averageDays: number }[]
  }
  expect(times.find(({ count }) => count > 0)).toMatchObject({ severity: 'LOW', averageDays: 19 })
  const snapshots = await scene.get(
    `/traces/${await scene.appId('web')}/snapshots/severity?interval=week`,
  )
  const { data } = snapshots.body as { data: { timestamp: number }[] }
  expect(data.at(-1)).toEqual({
    timestamp: NOW + 1,
    note: 0,
    low: 0,
    medium: 1,
    high: 0,
    critical: 1,
  })
  expect(data.at(0)).toMatchObject({ low: 1, medium: 0, critical: 1 })
})
