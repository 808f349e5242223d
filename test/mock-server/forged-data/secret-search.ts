import { createHash } from 'node:crypto'

/** The ways in which a secret could show: as it is, encoded, or hashed. */
function tracesOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8')
  return [
    secret,
    ...insideBase64(bytes, 'base64'),
    ...insideBase64(bytes, 'base64url'),
    bytes.toString('hex'),
    encodeURIComponent(secret),
    createHash('sha256').update(bytes).digest('hex'),
  ]
}

/** The secret in base64 at each of the three places that it can take inside a longer text. */
function insideBase64(bytes: Buffer, encoding: 'base64' | 'base64url'): readonly string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString(encoding)
      .replace(/=+$/, '')
    // The characters at both ends also depend on the neighbours.
    return text.slice(before === 0 ? 0 : before + 1, -1)
  })
}

/** The secrets of which a trace stands in a text. */
export function secretsFoundIn(text: string, secrets: Iterable<string>): readonly string[] {
  return [...secrets].filter((secret) => tracesOf(secret).some((trace) => text.includes(trace)))
}
