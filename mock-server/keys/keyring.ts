import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hash,
  hkdfSync,
  randomBytes,
} from 'node:crypto'

/** What a secret is for. Each kind is digested under a key of its own. */
export type SecretKind =
  | 'service-key'
  | 'api-key'
  | 'password'
  | 'session'
  | 'csrf-token'
  | 'control-token'

/** Keeps secrets for one TeamServer: digests to compare with, sealed texts to show again. */
export interface Keyring {
  /** 32 bytes that stand for the secret: HMAC-SHA-256 under a key derived for its kind. */
  digest(kind: SecretKind, secret: string): Buffer
  /** Encrypts a secret that the product must show again (AES-256-GCM). */
  seal(secret: string): Buffer
  /** @throws When the sealed bytes are not this keyring's, or were changed. */
  open(sealed: Buffer): string
}

const IV_BYTES = 12
const TAG_BYTES = 16

/** @param serverSecret 32 bytes that never leave the TeamServer. */
export function createKeyring(serverSecret: Buffer): Keyring {
  const derived = (label: string) => Buffer.from(hkdfSync('sha256', serverSecret, '', label, 32))
  const digests: Record<SecretKind, (secret: string) => Buffer> = {
    'service-key': createHmacSha256(derived('service-key')),
    'api-key': createHmacSha256(derived('api-key')),
    password: createHmacSha256(derived('password')),
    session: createHmacSha256(derived('session')),
    'csrf-token': createHmacSha256(derived('csrf-token')),
    'control-token': createHmacSha256(derived('control-token')),
  }
  const sealingKey = createSecretKey(derived('seal'))

  return {
    digest: (kind, secret) => digests[kind](secret),
    seal(secret) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', sealingKey, iv)
      const text = [cipher.update(secret, 'utf8'), cipher.final()]
      // Kept for long: a part of Node's shared block would hold on to all of it.
      return Buffer.from(new Uint8Array(Buffer.concat([iv, cipher.getAuthTag(), ...text])).buffer)
    },
    open(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', sealingKey, sealed.subarray(0, IV_BYTES))
      decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
      const text = sealed.subarray(IV_BYTES + TAG_BYTES)
      return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8')
    },
  }
}

const BLOCK_BYTES = 64
const DIGEST_BYTES = 32

/** Texts up to here are digested in a place of their own that is used again: every key is. */
const SHORT_BYTES = 128

/**
 * HMAC-SHA-256 out of two hashes, each made in one call: `createHmac` makes an object of the system's
 * library for every text, and takes twice as long.
 *
 * @param key At most a block.
 * @see RFC 2104, section 2
 */
function createHmacSha256(key: Buffer): (text: string) => Buffer {
  const inner = Buffer.alloc(BLOCK_BYTES, 0x36)
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, 0x5c)
  for (const [at, byte] of key.entries()) {
    inner.writeUInt8(byte ^ 0x36, at)
    outer.writeUInt8(byte ^ 0x5c, at)
  }
  const desk = Buffer.alloc(BLOCK_BYTES + SHORT_BYTES)
  desk.set(inner)
  /** Its beginnings by the bytes of the text in them, as far as there was such a text. */
  const beginnings: Buffer[] = []
  const messageOf = (bytes: number): Buffer => {
    if (bytes <= SHORT_BYTES) {
      beginnings[bytes] ??= desk.subarray(0, BLOCK_BYTES + bytes)
      return beginnings[bytes]
    }
    const message = Buffer.allocUnsafe(BLOCK_BYTES + bytes)
    message.set(inner)
    return message
  }
  return (text) => {
    const message = messageOf(Buffer.byteLength(text))
    message.write(text, BLOCK_BYTES)
    outer.write(hash('sha256', message, 'binary'), BLOCK_BYTES, 'latin1')
    return hash('sha256', outer, 'buffer')
  }
}
