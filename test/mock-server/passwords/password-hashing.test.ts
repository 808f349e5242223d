import { scryptSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { createTeamServer } from '../../../mock-server/index.ts'
import { createKeyring } from '../../../mock-server/keys/keyring.ts'
import { createPasswordHashing } from '../../../mock-server/passwords/password-hashing.ts'

const keyring = createKeyring(Buffer.alloc(32, 1))

test('K-203: a chosen password is kept by scrypt, N = 2^17, r = 8, p = 1, with a salt of 16 bytes of its own', async () => {
  const hashing = createPasswordHashing(keyring)
  const kept = await hashing.keep('Open-Sesame-1')
  if (kept.kind !== 'chosen') throw new Error('it was chosen')
  expect(kept.cost).toBe(2 ** 17)
  expect(kept.salt).toHaveLength(16)
  const maxmem = 256 * 1_024 * 1_024
  const expected = scryptSync('Open-Sesame-1', kept.salt, 32, { N: 2 ** 17, r: 8, p: 1, maxmem })
  expect(kept.hash).toEqual(expected)

  const cheap = createPasswordHashing(keyring, 1_024)
  const two = [await cheap.keep('Open-Sesame-1'), await cheap.keep('Open-Sesame-1')]
  const salts = two.map((each) => (each.kind === 'chosen' ? each.salt.toString('hex') : ''))
  expect(new Set(salts).size).toBe(2)
})

test('K-203: exact characters: case, spaces, composed letters and what stands behind NUL all count', async () => {
  const hashing = createPasswordHashing(keyring, 1_024)
  const kept = await hashing.keep('P\u00e4ss-1\u0000x')
  expect(await hashing.matches(kept, 'P\u00e4ss-1\u0000x')).toBe(true)
  for (const other of [
    'p\u00e4ss-1\u0000x',
    'Pa\u0308ss-1\u0000x',
    'P\u00e4ss-1\u0000',
    'P\u00e4ss-1\u0000x ',
    '',
  ]) {
    expect({ other, matches: await hashing.matches(kept, other) }).toEqual({
      other,
      matches: false,
    })
  }
})

test('K-203: a first password is generated, of 128 bits or more, and kept as a keyed digest until it is changed', async () => {
  const teamServer = createTeamServer()
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  const people = await Promise.all(
    Array.from({ length: 50 }, () => shop.addPerson({ role: 'view' })),
  )
  const passwords = new Set(people.map(({ password }) => password))
  expect(passwords.size).toBe(50)
  for (const password of passwords) {
    // Of the alphabet of base64url, at most 6 bits a character.
    expect(password).toMatch(/^[\w-]+$/)
    expect(password.length * 6).toBeGreaterThanOrEqual(128)
  }
  for (const record of await teamServer.store.people()) {
    expect(record.password).toEqual({ kind: 'generated', digest: expect.any(Buffer) })
  }
  await teamServer.close()
})

test.each([0, 1, 1_000, 2 ** 9, 2 ** 21, 1.5, Number.NaN])('a cost of %d is refused', (cost) => {
  expect(() => createPasswordHashing(keyring, cost)).toThrow('scryptCost must be a power of two')
})
