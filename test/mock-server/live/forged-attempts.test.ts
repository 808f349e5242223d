import { expect, test } from 'vitest'
import { ask } from '../ask.ts'
import { createAudience } from './reading.ts'

interface Outcome {
  readonly name: string
  readonly expected: 'stored' | 'refused'
  readonly status: number
  readonly reason: string | null
  readonly stored: boolean
}

async function play(options: { readonly isApiKeyEnabled: boolean }) {
  const audience = await createAudience(options)
  const { teamServer, shop, admin, signIn } = audience
  const { cookie, csrf } = await signIn(admin)
  const path = `/ng/${shop.id}/live/forged-attempts`
  const reply = await ask(teamServer, 'POST', path, { headers: { cookie, 'x-csrf-token': csrf } })
  return { ...audience, reply, attempts: (reply.body as { attempts: readonly Outcome[] }).attempts }
}

test('with the second layer on, no forged report gets in, and each is refused for its reason', async () => {
  const { shop, attempts } = await play({ isApiKeyEnabled: true })
  expect(attempts.map(({ status, reason, stored }) => [status, reason, stored])).toEqual([
    [401, 'api-key-wrong', false],
    [401, 'api-key-wrong', false],
    [401, 'api-key-wrong', false],
    [401, 'api-key-wrong', false],
    [401, 'api-key-wrong', false],
    [401, 'api-key-wrong', false],
    [401, 'credentials-missing', false],
    [401, 'credentials-wrong', false],
    [401, 'credentials-wrong', false],
    [401, 'credentials-wrong', false],
    [403, 'role-refused', false],
  ])
  expect(attempts.filter(({ expected }) => expected === 'stored')).toEqual([])
  expect(await shop.reports()).toEqual([])
})

test('with the second layer off, stolen generated credentials are enough', async () => {
  const { shop, attempts } = await play({ isApiKeyEnabled: false })
  for (const { name, expected, stored, status } of attempts) {
    expect({ name, stored, status: status === 202 }).toEqual({
      name,
      stored: expected === 'stored',
      status: expected === 'stored',
    })
  }
  expect(attempts.filter(({ stored }) => stored)).toHaveLength(6)
  expect(await shop.reports()).toHaveLength(6)
})

test('each attempt is a request of the organization like any other, and no key shows', async () => {
  const { shop, admin, attempts, reply } = await play({ isApiKeyEnabled: true })
  const forged = shop
    .requests()
    .filter(({ headers }) => headers.some(({ value }) => value === 'forged-attempt'))
  expect(forged).toHaveLength(attempts.length)
  const text = JSON.stringify([forged, reply.body, await shop.auditLog()])
  for (const secret of [shop.apiKey.value, shop.agent.serviceKey, admin.serviceKey]) {
    expect(text).not.toContain(secret)
  }
  expect(await shop.auditLog()).toContainEqual(
    expect.objectContaining({ kind: 'administration', reason: 'forged-attempts-played' }),
  )
})
