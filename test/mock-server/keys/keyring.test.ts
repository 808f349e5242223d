import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { createKeyring, type SecretKind } from '../../../mock-server/keys/keyring.ts'

const KINDS: readonly SecretKind[] = ['service-key', 'api-key', 'password', 'control-token']
const SECRET = 'AAAAAAaaaaaa111111BBBBBBbbbbbb22'
const one = createKeyring(Buffer.alloc(32, 1))
const other = createKeyring(Buffer.alloc(32, 2))

test('a secret has the same digest each time, of 256 bits', () => {
  const digest = one.digest('api-key', SECRET)
  expect(digest).toHaveLength(32)
  expect(one.digest('api-key', SECRET)).toEqual(digest)
  expect(createKeyring(Buffer.alloc(32, 1)).digest('api-key', SECRET)).toEqual(digest)
})

test('the same secret has another digest for each kind and each TeamServer (K-201)', () => {
  const digests = [one, other].flatMap((keyring) =>
    KINDS.map((kind) => keyring.digest(kind, SECRET).toString('hex')),
  )
  expect(new Set(digests).size).toBe(8)
  expect(digests).not.toContain(createHash('sha256').update(SECRET).digest('hex'))
})

test.each([
  ['a trailing space', `${SECRET} `],
  ['another case', SECRET.toLowerCase()],
  ['a part', SECRET.slice(0, -1)],
  ['NUL behind', `${SECRET}\u0000`],
  ['nothing', ''],
])('%s is another secret (K-204)', (_what, text) => {
  expect(one.digest('api-key', text)).not.toEqual(one.digest('api-key', SECRET))
})

test('no text is folded: composed and decomposed letters are two secrets (K-204)', () => {
  expect(one.digest('api-key', '\u00e9')).not.toEqual(one.digest('api-key', 'e\u0301'))
})

test('a digest is HMAC-SHA-256 under a key that HKDF derives from the server secret and the kind', () => {
  // Made with `openssl kdf … HKDF` (SHA2-256, no salt, info `api-key`) and `openssl dgst -mac HMAC`.
  expect(one.digest('api-key', SECRET).toString('hex')).toBe(
    '88b5bfd0a87f6584f4563694726ca2227459d43c2f2f2d588974caaa30803b00',
  )
})

test.each([
  ['nothing', ''],
  ['a key', SECRET],
  ['what fills a block', 'x'.repeat(64)],
  ['as much as a header may hold', 'x'.repeat(16_384)],
  ['letters of two, three and four bytes', 'éᚠ🗝'.repeat(40)],
  ['half a character', `${SECRET}\ud83d`],
  ['control characters', '\u0000\u001f\u007f\u0080'],
])('the digest of %s is the HMAC that OpenSSL makes of it', (_what, text) => {
  for (const kind of KINDS) {
    const key = Buffer.from(hkdfSync('sha256', Buffer.alloc(32, 1), '', kind, 32))
    expect(one.digest(kind, text)).toEqual(createHmac('sha256', key).update(text, 'utf8').digest())
  }
})

test('a digest that was handed out stays as it is when others are made', () => {
  const digest = one.digest('api-key', SECRET)
  const before = digest.toString('hex')
  one.digest('api-key', 'another')
  expect(digest.toString('hex')).toBe(before)
})

test.each(['', SECRET, 'Ünter & Söhne', '\u0000', 'x'.repeat(10_000)])(
  'what is sealed is opened again (%#)',
  (secret) => {
    expect(one.open(one.seal(secret))).toBe(secret)
  },
)

test('the same secret is sealed differently each time, and does not stand in it', () => {
  const sealed = Array.from({ length: 20 }, () => one.seal(SECRET).toString('latin1'))
  expect(new Set(sealed).size).toBe(20)
  for (const text of sealed) expect(text).not.toContain(SECRET.slice(0, 6))
})

test('another TeamServer cannot open it', () => {
  expect(() => other.open(one.seal(SECRET))).toThrow()
})

test('a changed bit anywhere, a cut, and nothing at all are not opened', () => {
  const sealed = one.seal(SECRET)
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
    expect(() => one.open(changed)).toThrow()
  }
  for (const length of [0, 11, 12, 27, 28, sealed.length - 1]) {
    expect(() => one.open(sealed.subarray(0, length))).toThrow()
  }
})
