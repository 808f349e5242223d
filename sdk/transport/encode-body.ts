import { promisify } from 'node:util'

/** Below it gzip saves less than its own header and a packet cost. */
const GZIP_FROM_BYTES = 1_024

export interface EncodedBody {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly headers: Readonly<Record<string, string>>
}

/** JSON as it goes out: UTF-8, gzipped (off the main thread) when that pays. */
export async function encodeBody(json: string): Promise<EncodedBody> {
  const bytes = ENCODER.encode(json)
  const headers = { 'content-type': 'application/json' }
  if (bytes.byteLength < GZIP_FROM_BYTES) return { bytes, headers }
  const zipped = await gzip(bytes)
  return {
    bytes: new Uint8Array(zipped.buffer as ArrayBuffer, zipped.byteOffset, zipped.byteLength),
    headers: { ...headers, 'content-encoding': 'gzip' },
  }
}

/** zlib is loaded with the first body that is large enough. */
async function gzip(bytes: Uint8Array): Promise<Buffer> {
  const zlib = await import('node:zlib')
  return promisify(zlib.gzip)(bytes)
}

const ENCODER = new TextEncoder()
