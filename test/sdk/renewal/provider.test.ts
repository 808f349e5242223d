import { expect, test } from 'vitest'
import type { ProvidedCredentials } from '../../../sdk/configuration/provided-credentials.ts'
import { createProvider } from '../../../sdk/renewal/provider.ts'
import { createManualClock } from '../engine/manual-clock.ts'

const SECRET = 'hunter2hunter2hunter2hunter2'
const ANSWER = { agentUserName: 'agent_1@Shop', serviceKey: SECRET }

/** A provider that is asked as the script says, and what came of it. */
function ask(provide: (ask: number) => unknown) {
  const clock = createManualClock()
  const seen = {
    asksAtMs: [] as number[],
    answers: [] as unknown[],
    failures: [] as string[],
    isWanted: true,
  }
  const provider = createProvider({
    provide: () => {
      seen.asksAtMs.push(clock.now())
      return provide(seen.asksAtMs.length) as Promise<ProvidedCredentials>
    },
    clock,
    timeoutMs: 10_000,
    isWanted: () => seen.isWanted,
    onAnswer: (answer) => void seen.answers.push(answer.get('serviceKey')?.raw),
    onFailure: (why) => void seen.failures.push(why),
  })
  return { clock, seen, provider }
}

test('the first question is asked when somebody waits for it, and once', async () => {
  const { clock, seen, provider } = ask(async () => ANSWER)
  await clock.advance(60_000)
  expect(seen.asksAtMs).toEqual([])
  await Promise.all([provider.first(), provider.first()])
  expect(seen.asksAtMs).toEqual([60_000])
  expect(seen.answers).toEqual([{ form: 'typed', value: SECRET }])
  expect(provider.first()).toBeUndefined()
})

test('K-404: while another answer is wanted it is asked every 30 s, and no sooner however often somebody calls', async () => {
  const { clock, seen, provider } = ask(async () => ANSWER)
  await provider.first()
  for (let second = 0; second < 100; second++) {
    provider.ask()
    await clock.advance(1_000)
  }
  expect(seen.asksAtMs).toEqual([0, 30_000, 60_000, 90_000])
  seen.isWanted = false
  await clock.advance(3_600_000)
  expect(seen.asksAtMs).toHaveLength(4)
})

test.each<[string, () => unknown, string]>([
  ['throws', () => thrown(new Error(SECRET)), 'failed (Error)'],
  ['rejects', () => Promise.reject(new Error(SECRET)), 'failed (Error)'],
  [
    'rejects with a code',
    () => Promise.reject(Object.assign(new TypeError(SECRET), { code: 'ECONNREFUSED' })),
    'failed (TypeError ECONNREFUSED)',
  ],
  [
    'rejects with a key for a code',
    () => Promise.reject(Object.assign(new Error(), { code: `${SECRET} !`, name: `${SECRET} !` })),
    'failed (an error without a name)',
  ],
  ['rejects with a text', () => Promise.reject(SECRET), 'failed (no error was given)'],
  ['gives nothing', () => undefined, 'gave an answer that must be an object; got undefined'],
  ['gives null', () => null, 'gave an answer that must be an object; got null'],
  ['gives a text', () => SECRET, 'gave an answer that must be an object; got a text'],
  ['gives a list', () => [ANSWER], 'gave an answer that must be an object; got a list'],
  [
    'leaves the service key out',
    () => ({ agentUserName: 'a' }),
    'gave an answer that has a wrong field: serviceKey must be a text; got undefined',
  ],
  [
    'gives a service key with a line feed',
    () => ({ ...ANSWER, serviceKey: `${SECRET}\n` }),
    'gave an answer that has a wrong field: serviceKey must not have white space around it',
  ],
  [
    'gives an empty organization API key',
    () => ({ ...ANSWER, organizationApiKey: '' }),
    'gave an answer that has a wrong field: organizationApiKey must be a text; got an empty text',
  ],
  [
    'gives an organization API key of null',
    () => ({ ...ANSWER, organizationApiKey: null }),
    'gave an answer that has a wrong field: organizationApiKey must be a text; got null',
  ],
  [
    'gives a field of another name',
    () => ({ ...ANSWER, organizationApikey: SECRET }),
    'gave an answer that has no field organizationApikey (perhaps organizationApiKey?)',
  ],
  [
    'gives an object that throws',
    () => new Proxy({}, { ownKeys: () => thrown(new Error(SECRET)) }),
    'gave an answer that cannot be read',
  ],
])('a function that %s fails in one line without a key', async (_what, provide, why) => {
  const { seen, provider } = ask(provide)
  await provider.first()
  expect(seen).toMatchObject({ answers: [], failures: [why] })
  expect(seen.failures.join()).not.toContain(SECRET)
})

test('a function that never answers is waited for as long as a request, and asked again', async () => {
  const { clock, seen, provider } = ask(() => new Promise(() => {}))
  let isOver = false
  void provider.first()?.then(() => {
    isOver = true
  })
  await clock.advance(9_999)
  expect(isOver).toBe(false)
  await clock.advance(1)
  expect(isOver).toBe(true)
  expect(seen.failures).toEqual(['gave no answer within 10000 ms'])
  await clock.advance(20_000)
  expect(seen.asksAtMs).toEqual([0, 30_000])
})

test('an answer that comes late counts, unless a later question was answered before', async () => {
  const settle: ((answer: unknown) => void)[] = []
  const { clock, seen, provider } = ask(
    () =>
      new Promise((resolve) => {
        settle.push(resolve)
      }),
  )
  void provider.first()
  await clock.advance(30_000)
  settle[1]?.({ ...ANSWER, serviceKey: 'second' })
  await clock.advance(0)
  settle[0]?.({ ...ANSWER, serviceKey: 'first' })
  await clock.advance(0)
  expect(seen.answers).toEqual([{ form: 'typed', value: 'second' }])

  const late = ask(() => new Promise((resolve) => settle.push(resolve)))
  void late.provider.first()
  await late.clock.advance(15_000)
  settle[2]?.(ANSWER)
  await late.clock.advance(0)
  expect(late.seen.answers).toHaveLength(1)
})

test('once it is stopped nothing is asked and no answer taken', async () => {
  let settle: (answer: unknown) => void = () => {}
  const { clock, seen, provider } = ask(
    () =>
      new Promise((resolve) => {
        settle = resolve
      }),
  )
  void provider.first()
  provider.stop()
  settle(ANSWER)
  await clock.advance(3_600_000)
  expect(seen).toMatchObject({ asksAtMs: [0], answers: [], failures: [] })
  expect(clock.livingTimers).toBe(0)
})

function thrown(error: Error): never {
  throw error
}
