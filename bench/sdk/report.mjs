/**
 * One report of about 300 bytes as JSON, alike for everybody. `key` is how the sink knows it again in
 * whatever form it arrives.
 *
 * @typedef {ReturnType<typeof makeReport>} BenchReport
 * @param {number} turn
 */
export function makeReport(turn) {
  return {
    type: /** @type {const} */ ('finding'),
    rule: 'cookie-flags-missing',
    severity: /** @type {const} */ ('medium'),
    title:
      'session cookie without HttpOnly and without a Secure flag, set by the login of the old shop',
    url: `/accounts/${turn % 1_000}/login`,
    evidence: 'Set-Cookie: session=abc; Path=/; SameSite=Lax; Max-Age=86400',
    hash: keyOf(turn),
  }
}

/** @param {number} turn */
export function keyOf(turn) {
  return `bench-${String(turn).padStart(7, '0')}`
}

/** Every key of a text, as it is found in any of the forms. */
export const KEYS = /bench-(\d{7})/g
