import { expect, test } from 'vitest'
import { createEstate, pluck } from './estate.ts'

async function createSessions() {
  const estate = await createEstate()
  const app = await estate.announce('shop')
  const first = await estate.openSession('shop', { branchName: 'main', buildNumber: '7' })
  estate.clock.now = new Date(estate.clock.now.getTime() + 60_000)
  const second = await estate.openSession('shop', { branchName: 'topic' })
  await estate.openSession('other')
  const base = `/organizations/:org/applications/${app}`
  return { ...estate, app, base, sessions: `${base}/agent-sessions`, first, second }
}

test('the sessions of an application are counted, listed newest first, and shown one by one', async () => {
  const { call, clock, first, read, second, sessions } = await createSessions()
  expect(await read(sessions)).toEqual({ success: true, messages: [], customTotal: 2 })
  const newest = {
    agentSessionId: second,
    createdDate: clock.now.getTime(),
    sessionStatus: 'ACTIVE',
    metadataSessions: [
      { metadataField: { agentLabel: 'branchName', displayLabel: 'Branch Name' }, value: 'topic' },
    ],
  }
  expect((await read(`${sessions}/latest`)).agentSession).toEqual(newest)
  expect((await read(`${sessions}/${second}`)).agentSession).toEqual(newest)
  const found = async (json: unknown, query = '') => {
    const { body } = await call('POST', `${sessions}/filter${query}`, json)
    const { agentSessions, total } = body as { agentSessions: unknown; total: number }
    return [pluck(agentSessions, 'agentSessionId'), total]
  }
  expect(await found({ metadata: [] })).toEqual([[second, first], 2])
  expect(await found({ metadata: [] }, '?limit=1&offset=1')).toEqual([[first], 2])
  const label = { label: 'buildNumber', values: ['7', '8'] }
  expect(await found({ metadata: [label] })).toEqual([[first], 1])
  expect(await found({ metadata: [label, { label: 'branchName', value: 'topic' }] })).toEqual([
    [],
    0,
  ])
  expect((await call('GET', `${sessions}/none`)).status).toBe(404)
})

test('an application without sessions has no latest one', async () => {
  const { announce, call, read } = await createEstate()
  const app = await announce('shop')
  const sessions = `/organizations/:org/applications/${app}/agent-sessions`
  expect((await call('GET', `${sessions}/latest`)).status).toBe(404)
  expect(await read(sessions)).toMatchObject({ customTotal: 0 })
})

test('a session is closed by its id or its metadata, and stays the one that it was', async () => {
  const { app, call, first, read, second, sessions } = await createSessions()
  const close = (json: unknown) => call('POST', '/organizations/:org/agent-sessions/sbav', json)
  expect((await close({ appId: app, sessionId: second })).body).toEqual({
    success: true,
    messages: [],
    agentSession: { appId: app, sessionId: second },
  })
  expect((await read(`${sessions}/latest`)).agentSession).toMatchObject({
    agentSessionId: second,
    sessionStatus: 'CLOSED',
  })
  const byMetadata = {
    appName: 'shop',
    appLanguage: 'NODE',
    metadata: [{ label: 'buildNumber', value: '7' }],
  }
  expect((await close(byMetadata)).body).toMatchObject({ agentSession: { sessionId: first } })
  expect((await read(`${sessions}/latest`)).agentSession).toMatchObject({ agentSessionId: second })
  expect((await close({ appName: 'shop', appLanguage: 'Java' })).status).toBe(404)
  expect((await close({ appId: app, sessionId: 'none' })).status).toBe(404)
})

test('the metadata of sessions is listed with its values', async () => {
  const { app, openSession, read } = await createSessions()
  await openSession('shop', { branchName: 'main' })
  const { filters } = await read(`/metadata/session/${app}/filters`)
  expect(filters).toEqual([
    {
      id: 'branchName',
      label: 'Branch Name',
      agentLabel: 'branchName',
      fieldType: 'STRING',
      values: [
        { value: 'main', count: 2, subfieldValues: [] },
        { value: 'topic', count: 1, subfieldValues: [] },
      ],
    },
    {
      id: 'buildNumber',
      label: 'Build Number',
      agentLabel: 'buildNumber',
      fieldType: 'STRING',
      values: [{ value: '7', count: 1, subfieldValues: [] }],
    },
  ])
})

test('a filter of vulnerabilities leaves the sessions in which it finds some', async () => {
  const { app, call, first, read, report, second } = await createSessions()
  const finding = { type: 'finding', rule: 'csrf' }
  await report([{ ...finding, severity: 'high', hash: 'a' }], {
    application: 'shop',
    session: first,
  })
  await report([{ ...finding, severity: 'low', hash: 'b' }], {
    application: 'shop',
    session: second,
  })
  const path = `/metadata/session/${app}/filters`
  const values = (filters: unknown) =>
    (filters as { values: { value: string; count: number }[] }[]).flatMap((each) =>
      each.values.map(({ value, count }) => `${value} ${count}`),
    )
  const byBody = async (json: object) => {
    const { body } = await call('POST', path, json)
    return values((body as { filters: unknown }).filters)
  }
  const all = ['main 1', 'topic 1', '7 1']
  expect(await byBody({})).toEqual(all)
  expect(await byBody({ modules: [app], quickFilter: 'ALL' })).toEqual(all)
  expect(await byBody({ severities: ['HIGH'] })).toEqual(['main 1', '7 1'])
  expect(await byBody({ severities: ['CRITICAL'] })).toEqual([])
  expect(await byBody({ modules: ['another'] })).toEqual([])
  expect(await byBody({ agentSessionId: second })).toEqual(['topic 1'])
  expect(await byBody({ agentSessionId: second, severities: ['HIGH'] })).toEqual([])
  const wanted = [{ fieldID: 'branchName', values: ['main'] }]
  expect(await byBody({ metadataFilters: wanted })).toEqual(['main 1', '7 1'])
  expect(values((await read(`${path}?severities=LOW`)).filters)).toEqual(['topic 1'])
  expect((await call('POST', path, { severities: ['SEVERE'] })).status).toBe(400)
})

test('a session that found nothing is listed as long as nothing is looked for', async () => {
  const { app, call, openSession } = await createSessions()
  await openSession('shop', { branchName: 'quiet' })
  const { body } = await call('POST', `/metadata/session/${app}/filters`, { modules: [app] })
  expect(JSON.stringify(body)).toContain('quiet')
})

test('the fields of the metadata of sessions are listed', async () => {
  const { app, read } = await createSessions()
  const rest = { fieldType: 'STRING', required: false, unique: false, subfields: [] }
  expect(await read(`/applications/${app}/session-metadata/fields`)).toEqual({
    success: true,
    messages: [],
    fields: [
      { fieldId: 1, agentLabel: 'branchName', displayLabel: 'Branch Name', count: 2, ...rest },
      { fieldId: 2, agentLabel: 'buildNumber', displayLabel: 'Build Number', count: 1, ...rest },
    ],
  })
})
