/** Where engines reach this TeamServer, as this browser does. */
export function teamServerUrl(): string {
  return new URL('.', document.baseURI).href.replace(/\/$/, '')
}
