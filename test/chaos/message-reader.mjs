/**
 * Reads one direction of an HTTP/1.1 connection, of which every body has a length, as bytes come by.
 *
 * @param {(message: { startLine: string, headers: Map<string, string>, body: Buffer }) => void} onMessage
 * @returns {(bytes: Buffer) => void}
 */
export function createMessageReader(onMessage) {
  /** @type {Buffer} */
  let waiting = Buffer.alloc(0)

  return (bytes) => {
    waiting = Buffer.concat([waiting, bytes])
    for (;;) {
      const headEnd = waiting.indexOf('\r\n\r\n')
      if (headEnd < 0) return
      const [startLine = '', ...lines] = waiting.toString('latin1', 0, headEnd).split('\r\n')
      const headers = new Map(
        lines.map((line) => {
          const colon = line.indexOf(':')
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
        }),
      )
      const end = headEnd + 4 + Number(headers.get('content-length') ?? 0)
      if (waiting.length < end) return
      onMessage({ startLine, headers, body: waiting.subarray(headEnd + 4, end) })
      waiting = waiting.subarray(end)
    }
  }
}
