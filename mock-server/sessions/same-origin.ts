/** True for a request that a page of another site made, as far as the browser says. */
export function isFromElsewhere(header: (name: string) => string | undefined): boolean {
  const site = header('sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const origin = header('origin')
  if (origin === undefined) return false
  return origin.replace(/^https?:\/\//, '') !== header('host')
}
