import { json } from '../core/answer.ts'
import type { PublicRoute, Route } from '../routes/route.ts'
import { openApiDocument } from './openapi-document.ts'

/** Serves the OpenAPI document of these routes, to anyone: it says nothing of any organization. */
export function openApiRoute(routes: readonly Route[]): PublicRoute {
  const self: PublicRoute = {
    method: 'GET',
    path: '/openapi.json',
    access: 'anyone',
    description: { summary: 'This document', isOurs: true },
    answer: async () => {
      document ??= openApiDocument([...routes, self])
      return json(200, document)
    },
  }
  let document: object | undefined
  return self
}
