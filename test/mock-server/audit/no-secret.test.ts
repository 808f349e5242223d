import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { createTeamServer } from '../../../mock-server/index.ts'
import { KEYS_ROUTES } from '../../../mock-server/routes/keys/index.ts'
import { PEOPLE_ROUTES } from '../../../mock-server/routes/people/index.ts'
import { SECURITY_ROUTES } from '../../../mock-server/routes/security/index.ts'
import { createFixture, type Fixture } from '../forged-data/fixture.ts'
import { secretsFoundIn } from '../forged-data/secret-search.ts'
import { stateFile } from '../state/folder.ts'
import {
  administerInProcess,
  administerOverRest,
  CHOSEN,
  presentWrongCredentials,
  signInAndOut,
  WRONG,
} from './every-act.ts'
import { shown } from './shown.ts'
import { createWalk, type Walk } from './walk.ts'

/** What is no act of administration, or is taken elsewhere. A new function joins every-act.ts, or these. */
const NOT_ACTS =
  /^organization\.(?:waitFor\w+)$|^teamServer\.(?:handle|fetch|listen|close)$|\.(?:requests|reset|snapshot|restore|play|record)$/

/** Each function that a program can call, by the name it has in the table of acts. */
function actsOffered({ teamServer, a }: Fixture): readonly string[] {
  const objects = { teamServer, organization: a, apiKey: a.apiKey }
  return Object.entries(objects).flatMap(([owner, object]) =>
    Object.entries(object)
      .filter(([, value]) => typeof value === 'function')
      .map(([name]) => `${owner}.${name}`)
      .filter((name) => !NOT_ACTS.test(name)),
  )
}

/** Opens the control API and asks it for all it has, with the right token and with others. */
async function askControl({ note }: Walk, { teamServer, a }: Fixture) {
  const listener = await teamServer.listen({ port: 0, control: true })
  onTestFinished(() => listener.close())
  const { url, token } = listener.control ?? { url: '', token: '' }
  note(token)
  const answers: unknown[] = []
  for (const presented of [token, WRONG.controlToken, a.agent.serviceKey]) {
    for (const path of ['reports', 'refusals', 'requests', 'faults', 'metrics', 'snapshot']) {
      for (const query of ['', `?organization=${a.id}`, `?key=${WRONG.apiKey}`]) {
        const answer = await fetch(`${url}/${path}${query}`, {
          headers: { authorization: `Bearer ${presented}` },
        })
        const text = withoutShownOnPurpose(path, await answer.text())
        answers.push([path, answer.status, text, [...answer.headers]])
      }
    }
  }
  for (const path of ['reports', 'refusals', 'requests', 'faults', 'metrics', 'snapshot']) {
    expect(answers).toContainEqual(expect.arrayContaining([path, 200]))
  }
  return { listener, answers }
}

/**
 * The request log shows what engines send and how callers call themselves, whatever it is: what the
 * walk put there is no secret of the TeamServer.
 */
function withoutShownOnPurpose(path: string, text: string): string {
  if (path !== 'requests' || !text.startsWith('{"requests"')) return text
  return JSON.stringify(JSON.parse(text), (name, value) => {
    if (name === 'body') return undefined
    return value?.name === 'user-agent' ? undefined : value
  })
}

/** Every record that a store hands out. */
async function recordsOf({ teamServer: { store }, a, b, people, superadmin }: Fixture) {
  const inside = async (id: string) => [
    await store.organization(id),
    await store.callers(id),
    await store.reports(id),
    await store.applications(id),
    await store.servers(id),
    await store.sessions(id),
    await store.auditEntries(id),
    await store.searchAuditEntries(id, {}),
  ]
  return [
    ...(await inside(a.id)),
    ...(await inside(b.id)),
    await store.organizations(),
    await store.systemSettings(),
    // What a snapshot seals.
    await store.contents(),
    await store.auditEntries(undefined),
    await store.searchAuditEntries(undefined, {}),
    await Promise.all(
      [...Object.values(people), superadmin].map(({ userName }) => store.caller(userName)),
    ),
  ]
}

test('no secret shows in journal, audit log, error, output, state file, inspect or JSON of any object', async () => {
  const file = stateFile()
  const fixture = await createFixture({ scryptCost: 1_024, stateFile: file })
  const { teamServer, a, b, a1, a2, deleted, people, superadmin } = fixture
  const walk = createWalk(fixture)
  walk.note(...Object.values(CHOSEN), ...Object.values(WRONG))

  await presentWrongCredentials(walk, fixture)
  await administerOverRest(walk, fixture)
  await signInAndOut(walk, fixture)
  await administerInProcess(walk, fixture)
  const control = await askControl(walk, fixture)
  // Held by this process: the message names the file and the way out.
  await walk.act('createTeamServer', () => createTeamServer({ stateFile: file }))
  const records = await recordsOf(fixture)
  const texts = {
    state: readFileSync(file, 'utf8'),
    lock: readFileSync(`${file}.lock`, 'utf8'),
    stateKey: readFileSync(`${file}.key`, 'utf8'),
  }
  const stateKey = texts.stateKey.trim()
  walk.note(stateKey, Buffer.from(stateKey, 'base64').toString('hex'))

  const carriers: Readonly<Record<string, unknown>> = {
    teamServer,
    a,
    b,
    apiKey: a.apiKey,
    agents: [a1, a2, a.agent, deleted],
    people: [...Object.values(people), superadmin],
    listener: control.listener,
    'answers of the control API': control.answers,
    records,
    'the journal and all output': fixture.output,
    'audit logs': [await a.auditLog(), await b.auditLog(), await teamServer.auditLog()],
    'refused requests': [await a.refusals(), await teamServer.refusals()],
    'refusals as answered': walk.refusals,
    'answers without what they hand out': walk.answers,
    'results in process without what they hand out': [...walk.results],
    thrown: walk.thrown,
    'the state file': texts.state,
    'the lock of the state file': texts.lock,
  }
  const everySecret = [...walk.secrets]
  const leaking = Object.entries(carriers)
    .map(([what, carrier]) => ({ what, found: secretsFoundIn(shown(carrier), everySecret) }))
    .filter(({ found }) => found.length > 0)
  expect(leaking).toEqual([])
  // It holds what the keys are sealed with, and nothing else.
  const beside = everySecret.filter((secret) => secret !== stateKey)
  expect(secretsFoundIn(texts.stateKey, beside)).toEqual([])

  // The walk was one: each call and act of administration went well once, and none was a mistake
  // of the mock.
  const administration = [...KEYS_ROUTES, ...PEOPLE_ROUTES, ...SECURITY_ROUTES]
  const missing = administration
    .map(({ method, path }) => `${method} ${path}`)
    .filter((route) => !walk.statuses.get(route)?.some((status) => status < 300))
  expect(missing).toEqual([])
  expect(actsOffered(fixture).filter((name) => !walk.results.has(name))).toEqual([])
  expect([...walk.statuses].filter(([, all]) => all.some((status) => status >= 500))).toEqual([])
  expect(fixture.errors).toEqual([])
  expect(walk.thrown.length).toBeGreaterThanOrEqual(14)
  expect(everySecret.length).toBeGreaterThan(80)
  expect(fixture.output.length).toBeGreaterThan(100)
}, 60_000)

test('a key that stands where a name belongs is told as <key>, all else of the path as it is', async () => {
  const { teamServer, a, a1, output } = await createFixture()
  const id = a.id.toUpperCase()
  for (const path of [
    `agents/keys/${a1.serviceKey}/rotate`,
    `users/${a.apiKey.value}`,
    'k'.repeat(32),
  ]) {
    await teamServer.handle(new Request(`http://127.0.0.1/Contrast/api/ng/${id}/${path}`))
  }
  const told = [`agents/keys/<key>/rotate`, 'users/<key>', 'k'.repeat(32)].map(
    (path) => `/Contrast/api/ng/${id}/${path}`,
  )
  const refused = [...(await a.refusals()), ...(await teamServer.refusals())]
  expect(refused.map(({ path }) => path).sort()).toEqual([...told].sort())
  expect(output.map((line) => JSON.parse(line).path)).toEqual(told)
})

test('the search itself sees a secret in each of six encodings', () => {
  const secret = 'aB3-/+x0123456789'
  const bytes = Buffer.from(secret)
  for (const text of [
    secret,
    bytes.toString('base64'),
    Buffer.from(`user:${secret}`).toString('base64url'),
    bytes.toString('hex'),
    encodeURIComponent(secret),
    createHash('sha256').update(bytes).digest('hex'),
    shown({ key: bytes }),
    shown({ digest: createHash('sha256').update(bytes).digest() }),
    shown(new Map([[secret, 1]])),
    shown(new Error('outer', { cause: secret })),
    shown([new Error('outer', { cause: new Error(secret) })]),
  ]) {
    expect(secretsFoundIn(`<${text}>`, [secret])).toEqual([secret])
  }
})
