import type { PersonCredentials } from '../../../mock-server/index.ts'
import type { Fixture } from './fixture.ts'
import { jsonOf, type ReceivedAnswer, type SentRequest } from './sent-request.ts'

/** What an administrator, or somebody who would be one, sends. */
export interface AdministrativeCall {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** Below `/Contrast/api/ng`; `:org` is organization A. */
  readonly path: string
  readonly json?: unknown
  /** @default the administrator of A */
  readonly by?: PersonCredentials
}

/** A call with both layers of the caller as they are now, and with the body as JSON. */
export function administrative(
  { a, people }: Fixture,
  { method, path, json, by = people.admin }: AdministrativeCall,
): SentRequest {
  return {
    method,
    path: `/Contrast/api/ng${path.replace(':org', a.id)}`,
    headers: [
      ['Authorization', by.authorization],
      ['API-Key', a.apiKey.value],
      ...(json === undefined ? [] : [['Content-Type', 'application/json'] as const]),
    ],
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  }
}

/** The status and the document of an answer. */
export function shown(answer: ReceivedAnswer) {
  return { status: answer.status, body: jsonOf(answer) }
}
