import type { KeySlot } from '../keys/key-slot.ts'
import type { AgentKeyRecord } from './records.ts'

/**
 * An agent key as one text, a byte a character. A TeamServer may have a million of them: as records
 * they are ten objects each, and buffers alone take 200 bytes apart from what they hold.
 */
export type PackedAgentKey = string & { readonly packed: 'agent-key' }

/** The user name is what it is found by, and stands beside it. */
export function packAgentKey(record: AgentKeyRecord): PackedAgentKey {
  const { organizationId, name, serviceKey, createdAt, deletedAt } = record
  const { current, replaced, retired } = serviceKey
  const parts = [
    text(organizationId),
    text(name),
    moment(createdAt),
    moment(deletedAt),
    bytes(current.digest),
    bytes(current.sealed),
    moment(current.since),
    bytes(replaced?.digest ?? NONE),
    moment(replaced?.acceptedUntil),
    ...retired.map(bytes),
  ]
  return Buffer.concat(parts).toString('latin1') as PackedAgentKey
}

/** Made for the moment: its digests are parts of Node's shared block, which whoever keeps them copies. */
export function unpackAgentKey(userName: string, packed: PackedAgentKey): AgentKeyRecord {
  const whole = Buffer.from(packed, 'latin1')
  let at = 0
  /** Goes past the next part, and says where it begins. */
  const past = (): number => {
    const start = at + LENGTH_BYTES
    at = start + (packed.charCodeAt(at) | (packed.charCodeAt(at + 1) << 8))
    return start
  }
  const readBytes = (): Buffer => whole.subarray(past(), at)
  const readMoment = (): Date | undefined => {
    const ms = whole.readDoubleLE(at)
    at += MOMENT_BYTES
    return Number.isNaN(ms) ? undefined : new Date(ms)
  }
  // A UUID is the same text, packed or not.
  const organizationId = packed.slice(past(), at)
  const name = whole.toString('utf8', past(), at)
  const createdAt = readMoment() ?? new Date(0)
  const deletedAt = readMoment()
  const digest = readBytes()
  const sealed = readBytes()
  const since = readMoment() ?? new Date(0)
  const replacedDigest = readBytes()
  const acceptedUntil = readMoment()
  const retired: Buffer[] = []
  while (at < whole.length) retired.push(readBytes())
  const serviceKey: KeySlot = {
    current: { digest, sealed, since },
    ...(acceptedUntil === undefined ? {} : { replaced: { digest: replacedDigest, acceptedUntil } }),
    retired,
  }
  return {
    kind: 'agent',
    userName,
    organizationId,
    name,
    serviceKey,
    createdAt,
    ...(deletedAt === undefined ? {} : { deletedAt }),
  }
}

const LENGTH_BYTES = 2
const MOMENT_BYTES = 8
const NONE = Buffer.alloc(0)

function bytes(content: Uint8Array): Buffer {
  const part = Buffer.allocUnsafe(LENGTH_BYTES + content.length)
  part.writeUInt16LE(content.length)
  part.set(content, LENGTH_BYTES)
  return part
}

function text(content: string): Buffer {
  return bytes(Buffer.from(content))
}

/** One that is not is no number. */
function moment(date: Date | undefined): Buffer {
  const part = Buffer.allocUnsafe(MOMENT_BYTES)
  part.writeDoubleLE(date?.getTime() ?? Number.NaN)
  return part
}
