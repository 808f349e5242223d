import {
  createCipheriv,
  createDecipheriv,
  createHash,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { promisify } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { gunzip, gzip } from 'node:zlib'
import type { ClockState } from '../clock.ts'
import { TeamServerError } from '../errors.ts'
import type { KeptKeyUse } from '../keys/key-uses.ts'
import type { KeptLedger } from '../ledger/ledger.ts'
import type { StoreContents } from '../store/contents.ts'

/** Everything that a TeamServer knows at one moment, but for its faults and its open ports. */
export interface SnapshotContents {
  readonly contents: StoreContents
  readonly keyUses: readonly KeptKeyUse[]
  readonly ledgers: readonly KeptLedger[]
  readonly clock: ClockState
}

const FORMAT = 'mock-teamserver snapshot'

/** Raised with each change that an older mock could not read. */
const VERSION = 2

const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Writes a snapshot: sealed as a whole, so that nobody reads anything of it and whoever changes it is
 * found out. One line of JSON.
 */
export async function writeSnapshot(
  contents: SnapshotContents,
  serverSecret: Buffer,
): Promise<string> {
  const plain = await promisify(gzip)(serialize(contents))
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', keyOf(serverSecret, 'snapshot'), iv)
  const text = Buffer.concat([cipher.update(plain), cipher.final()])
  const sealed = Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64')
  return JSON.stringify({ format: FORMAT, version: VERSION, of: ownerOf(serverSecret), sealed })
}

/**
 * Reads what `writeSnapshot` wrote with the same server secret, and nothing else.
 *
 * @throws `ERR_SNAPSHOT`, saying why not.
 */
export async function readSnapshot(text: unknown, serverSecret: Buffer): Promise<SnapshotContents> {
  const { format, version, of: owner, sealed } = parse(text)
  if (format !== FORMAT) throw refused('is none of a mock TeamServer')
  if (version !== VERSION) {
    throw refused(`is of version ${Number(version)}, and this mock reads version ${VERSION}`)
  }
  const expected = Buffer.from(ownerOf(serverSecret))
  const found = Buffer.from(String(owner))
  if (found.length !== expected.length || !timingSafeEqual(found, expected)) {
    throw refused('is of another TeamServer: only the one that made it can read it')
  }
  try {
    const bytes = Buffer.from(String(sealed), 'base64')
    const key = keyOf(serverSecret, 'snapshot')
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES))
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    const plain = [decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]
    // The seal says that we wrote it: there is nothing left to validate.
    return deserialize(await promisify(gunzip)(Buffer.concat(plain))) as SnapshotContents
  } catch (cause) {
    throw refused('was changed or cut off', { cause })
  }
}

function parse(text: unknown): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = typeof text === 'string' ? JSON.parse(text) : undefined
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // The parser's own message quotes the text.
  }
  throw refused('is cut off or no JSON')
}

/** Names the TeamServer without telling anything of its secret. */
function ownerOf(serverSecret: Buffer): string {
  const key = keyOf(serverSecret, 'snapshot-owner')
  return createHash('sha256').update(key).digest('hex').slice(0, 32)
}

function keyOf(serverSecret: Buffer, label: string): Buffer {
  return Buffer.from(hkdfSync('sha256', serverSecret, '', label, 32))
}

function refused(why: string, options?: ErrorOptions): TeamServerError {
  return new TeamServerError('ERR_SNAPSHOT', `the snapshot ${why}; nothing has changed`, options)
}
