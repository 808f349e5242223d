/** The value of `Authorization`: base64 of name and key, with no scheme word in front. */
export function authorizationOf(userName: string, serviceKey: string): string {
  const bytes = new TextEncoder().encode(`${userName}:${serviceKey}`)
  return btoa(String.fromCharCode(...bytes))
}
