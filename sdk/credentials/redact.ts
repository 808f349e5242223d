import type { Credentials } from './credentials.ts'
import { mask } from './mask.ts'

/**
 * Takes keys out of a text that others had a hand in: the message of an error, an answer, a plugin's line.
 *
 * They are found as they are, escaped as in JSON, URL-encoded, in hexadecimal, and in base64 of either
 * alphabet wherever they stand in what was encoded: in the header, in a token, in a document.
 *
 * @param known The keys in use, and those that were.
 */
export function redact(text: string, known: readonly Credentials[]): string {
  let redacted = text
  for (const { agentUserName, serviceKey, organizationApiKey } of known) {
    // The longer one first, so that no half of it stays.
    redacted = without(redacted, base64(`${agentUserName}:${serviceKey}`), serviceKey)
    redacted = without(redacted, serviceKey)
    if (organizationApiKey !== undefined) redacted = without(redacted, organizationApiKey)
  }
  return redacted
}

/** @param shown What stands in its place, masked. */
function without(text: string, secret: string, shown = secret): string {
  // Whoever has a key that short would lose words from every line. TeamServer makes none below 8.
  if (shown.length < 8) return text
  return formsOf(secret).reduce((rest, form) => rest.replaceAll(form, () => mask(shown)), text)
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  const urlEncoded = encodeURIComponent(secret)
  const hex = bytes.toString('hex')
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    urlEncoded,
    urlEncoded.replace(/%../g, (byte) => byte.toLowerCase()),
    base64(secret),
    ...[0, 1, 2].flatMap((before) => insideBase64(bytes, before)),
    hex,
    hex.toUpperCase(),
    // As `inspect` shows bytes.
    hex.replace(/..(?=.)/g, '$& '),
  ]
}

/** Without the `=` at its end, which a text may have lost. */
function base64(text: string): string {
  return Buffer.from(text).toString('base64').replace(/=+$/, '')
}

/**
 * The characters that bytes alone decide when so many others stand before them, modulo 3: those at
 * the ends depend on the neighbours too.
 */
function insideBase64(bytes: Buffer, before: number): readonly string[] {
  const shifted = Buffer.concat([Buffer.alloc(before), bytes])
  const whole = shifted.toString('base64').replace(/=+$/, '')
  const inside = whole.slice(
    before === 0 ? 0 : before + 1,
    shifted.length % 3 === 0 ? whole.length : -1,
  )
  return [inside, inside.replaceAll('+', '-').replaceAll('/', '_')]
}
