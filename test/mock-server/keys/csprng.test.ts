import * as crypto from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { createTeamServer } from '../../../mock-server/index.ts'

vi.mock(import('node:crypto'), async (original) => {
  const real = await original()
  return { ...real, randomInt: vi.fn(real.randomInt) as unknown as typeof real.randomInt }
})

test('K-101: every character of every key is drawn by randomInt of node:crypto', async () => {
  const drawn = vi.mocked(crypto.randomInt)
  const mathRandom = vi.spyOn(Math, 'random')
  const teamServer = createTeamServer()
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  // 32 characters and 31 steps of the shuffle each, for the API key and for the key `default`.
  expect(drawn).toHaveBeenCalledTimes(2 * 63)
  const made: readonly (() => Promise<unknown>)[] = [
    () => shop.apiKey.rotate(),
    () => shop.addAgentKey({ name: 'second' }),
    () => shop.rotateAgentKey('second'),
    () => shop.addPerson({ role: 'view' }),
  ]
  for (const make of made) {
    drawn.mockClear()
    await make()
    expect(drawn.mock.calls.length).toBeGreaterThanOrEqual(63)
    for (const [end] of drawn.mock.calls) expect(end).toBeLessThanOrEqual(62)
  }
  expect(mathRandom).not.toHaveBeenCalled()
  mathRandom.mockRestore()
  await teamServer.close()
})
