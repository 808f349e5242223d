import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
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
  const derived = (label: string) =>
    createSecretKey(Buffer.from(hkdfSync('sha256', serverSecret, '', label, 32)))
  const digestKeys: Record<SecretKind, KeyObject> = {
    'service-key': derived('service-key'),
    'api-key': derived('api-key'),
    password: derived('password'),
    session: derived('session'),
    'csrf-token': derived('csrf-token'),
    'control-token': derived('control-token'),
  }
  const sealingKey = derived('seal')

  return {
    digest: (kind, secret) =>
      createHmac('sha256', digestKeys[kind]).update(secret, 'utf8').digest(),
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
