import { inflateRawSync } from 'node:zlib'

/** The one file in an archive, read by its directory as other programs do. */
export function fileInZip(archive: Buffer): { readonly name: string; readonly text: string } {
  const end = archive.subarray(-22)
  if (end.readUInt32LE(0) !== 0x06054b50) throw new Error('no end record')
  const entry = archive.subarray(end.readUInt32LE(16))
  if (entry.readUInt32LE(0) !== 0x02014b50) throw new Error('no directory')
  const nameLength = entry.readUInt16LE(28)
  const head = archive.subarray(entry.readUInt32LE(42))
  const start = 30 + head.readUInt16LE(26) + head.readUInt16LE(28)
  const packed = head.subarray(start, start + entry.readUInt32LE(20))
  return {
    name: entry.toString('utf8', 46, 46 + nameLength),
    text: inflateRawSync(packed).toString(),
  }
}
