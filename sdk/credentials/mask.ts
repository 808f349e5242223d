/** The form in which a secret is shown: its last 4 characters, and of a shorter one nothing. */
export function mask(secret: string): string {
  return secret.length >= 22 ? `••••${secret.slice(-4)}` : '••••'
}
