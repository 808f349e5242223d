import { json } from '../core/answer.ts'
import type { PublicRoute, Route } from '../routes/route.ts'

/**
 * Serves the OpenAPI document, to anyone: it says nothing of any organization.
 *
 * @param others The other routes that it describes.
 */
export function openApiRoute(others: readonly Route[]): PublicRoute {
  const self: PublicRoute = {
    method: 'GET',
    path: '/openapi.json',
    access: 'anyone',
    description: { summary: 'This document', isOurs: true },
    async answer() {
      document ??= describe()
      return json(200, await document)
    },
  }
  let document: Promise<object> | undefined
  async function describe(): Promise<object> {
    // Whoever does not read it does not load what makes it.
    const { openApiDocument } = await import('./openapi-document.ts')
    return openApiDocument([...others, self])
  }
  return self
}
