import { randomBytes, timingSafeEqual } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import { createAuthenticator } from '../../../mock-server/authentication/authenticate.ts'
import { createKeyUses } from '../../../mock-server/keys/key-uses.ts'
import { createKeyring, type Keyring } from '../../../mock-server/keys/keyring.ts'
import { createLoginSessions } from '../../../mock-server/sessions/login-sessions.ts'
import { authorizationOf, createFixture, type Fixture } from '../forged-data/fixture.ts'

vi.mock(import('node:crypto'), async (original) => {
  const crypto = await original()
  return { ...crypto, timingSafeEqual: vi.fn(crypto.timingSafeEqual) }
})

afterEach(() => vi.mocked(timingSafeEqual).mockClear())

const WRONG = 'x'.repeat(32)
// What a caller may send along to make a difference in work one that can be measured.
const LONG = 'x'.repeat(8_192)

/** What an authenticator does for one request: what it reads, digests, compares and looks at. */
async function workOf({ teamServer: { store } }: Fixture, headers: Record<string, string>) {
  const read: string[] = []
  const digested: [kind: string, characters: number][] = []
  const lookedAt: number[] = []
  const keyring = createKeyring(randomBytes(32))
  const recording: Keyring = {
    ...keyring,
    digest(kind, secret) {
      digested.push([kind, secret.length])
      return keyring.digest(kind, secret)
    },
  }
  const authenticator = createAuthenticator({
    store,
    keyring: recording,
    sessions: createLoginSessions(store, keyring, () => 'never'),
    keyUses: createKeyUses(),
    isLikeKey(text) {
      lookedAt.push(text.length)
      return false
    },
  })
  digested.length = 0
  vi.mocked(timingSafeEqual).mockClear()
  const { status } = await authenticator.authenticate({
    header(name) {
      read.push(name)
      return headers[name]
    },
    organizationId: undefined,
    isSessionTaken: false,
    isSystemRoute: false,
    now: new Date('2026-01-01T00:00:00Z'),
  })
  const compared = vi.mocked(timingSafeEqual).mock.calls.length
  return { status, read, digested, lookedAt, compared }
}

test.each([
  ['on', true, {}],
  ['off', false, {}],
  ['on, and a long API key sent along', true, { 'api-key': LONG }],
  ['off, and a long API key sent along', false, { 'api-key': LONG }],
])(
  'a wrong key is as much work for a name that is known, deleted, a person or unknown, layer two %s (F-902)',
  async (_what, isOn, sentAlong) => {
    const fixture = await createFixture()
    const { a, a1, deleted, people, superadmin } = fixture
    if (!isOn) await a.apiKey.disable()
    const names = [a1, deleted, people.admin, superadmin].map(({ userName }) => userName)
    const expected = {
      status: 'refused',
      read: ['authorization', 'api-key'],
      digested: [
        ['service-key', WRONG.length],
        ['api-key', ('api-key' in sentAlong ? LONG : '').length],
      ],
      // Both places of a slot, all that it remembers of before, and the two places of layer two.
      compared: 2 + 11 + 2,
    }
    for (const name of names) {
      for (const userName of [name, name.replace(/.$/, '#')]) {
        const authorization = authorizationOf(userName, WRONG)
        const work = await workOf(fixture, { authorization, ...sentAlong })
        expect(work).toEqual({ ...expected, lookedAt: [name.length] })
      }
    }
  },
)

test('where a wrong key differs from the right one changes no work (F-904)', async () => {
  const fixture = await createFixture()
  const { userName, serviceKey } = fixture.a1
  const works = []
  for (const wrong of [`#${serviceKey.slice(1)}`, `${serviceKey.slice(0, -1)}#`]) {
    works.push(await workOf(fixture, { authorization: authorizationOf(userName, wrong) }))
  }
  expect(works[0]).toEqual(works[1])
})
