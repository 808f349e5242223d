import type { Credentials } from './credentials.ts'
import { mask } from './mask.ts'

/**
 * Takes keys out of a text that others had a hand in: the message of an error, an answer, a plugin's line.
 *
 * They are found as they are, URL-encoded, and in the base64 of the header.
 *
 * @param known The keys in use, and those that were.
 */
export function redact(text: string, known: readonly Credentials[]): string {
  let redacted = text
  for (const { agentUserName, serviceKey, organizationApiKey } of known) {
    redacted = without(redacted, base64(`${agentUserName}:${serviceKey}`))
    redacted = without(redacted, serviceKey)
    if (organizationApiKey !== undefined) redacted = without(redacted, organizationApiKey)
  }
  return redacted
}

function without(text: string, secret: string): string {
  // Whoever has a key that short would lose words from every line. TeamServer makes none below 8.
  if (secret.length < 8) return text
  return [secret, encodeURIComponent(secret), base64(secret)].reduce(
    (rest, form) => rest.replaceAll(form, () => mask(secret)),
    text,
  )
}

/** Without the `=` at its end, which a text may have lost. */
function base64(text: string): string {
  return Buffer.from(text).toString('base64').replace(/=+$/, '')
}
