import { promisify } from 'node:util'
import { crc32, deflateRaw } from 'node:zlib'

const deflate = promisify(deflateRaw)

const VERSION = 20
/** The name is UTF-8. */
const FLAGS = 0x0800
const DEFLATED = 8

/**
 * Packs one file into a ZIP archive.
 *
 * @param at When it was changed: an archive keeps it to two seconds, from 1980 on.
 * @see APPNOTE.TXT of the ZIP file format, sections 4.3.7 to 4.3.16
 */
export async function zipOf(fileName: string, content: Uint8Array, at: Date): Promise<Buffer> {
  const name = Buffer.from(fileName)
  const packed = await deflate(content)
  // What the head of the file and the directory say alike.
  const common = Buffer.alloc(26)
  common.writeUInt16LE(VERSION, 0)
  common.writeUInt16LE(FLAGS, 2)
  common.writeUInt16LE(DEFLATED, 4)
  common.writeUInt32LE(dosMoment(at), 6)
  common.writeUInt32LE(crc32(content), 10)
  common.writeUInt32LE(packed.length, 14)
  common.writeUInt32LE(content.length, 18)
  common.writeUInt16LE(name.length, 22)
  const head = Buffer.concat([signed(0x04034b50), common, name])
  const entry = Buffer.concat([signed(0x02014b50), versionMadeBy(), common, Buffer.alloc(14), name])
  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(entry.length, 8)
  end.writeUInt32LE(head.length + packed.length, 12)
  return Buffer.concat([head, packed, entry, signed(0x06054b50), end])
}

function signed(signature: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(signature)
  return bytes
}

function versionMadeBy(): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(VERSION)
  return bytes
}

/** Time in the lower half, date in the upper, in UTC. */
function dosMoment(at: Date): number {
  const year = Math.min(Math.max(at.getUTCFullYear(), 1980), 2107) - 1980
  const date = (year << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const time =
    (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | Math.floor(at.getUTCSeconds() / 2)
  return ((date << 16) | time) >>> 0
}
