import type { Answer } from '../../core/exchange.ts'
import { newUuid } from '../../flat-text.ts'
import type { VulnerabilityRecord } from '../../inventory/vulnerability.ts'
import { done } from '../done.ts'
import { notFound } from '../listing/not-found.ts'
import { EDIT_AND_UP, type GuardedRoute, route, routeWithBody } from '../route.ts'
import { inside, SCOPES, type Scope, type VulnerabilityCall, withVulnerability } from './scope.ts'
import { VulnerabilityBaseRequest } from './validators.generated.js'

/** The vulnerabilities of these ids, or the answer that one of them is not there. */
export type Named =
  | { readonly status: 'inside'; readonly records: readonly VulnerabilityRecord[] }
  | { readonly status: 'absent'; readonly answer: Answer }

export async function vulnerabilitiesIn(
  call: VulnerabilityCall,
  uuids: readonly string[],
  scope: Scope,
): Promise<Named> {
  const found = await inside(call, scope)
  if (found.status === 'absent') return found
  const wanted = new Set(uuids.map((uuid) => uuid.toUpperCase()))
  const records: VulnerabilityRecord[] = []
  for (const uuid of wanted) {
    const record = await call.store.vulnerability(call.organization.id, uuid)
    if (record === undefined || found.names?.has(record.application) === false) {
      return { status: 'absent', answer: notFound('vulnerability') }
    }
    records.push(record)
  }
  return { status: 'inside', records }
}

function deleteSeveral(scope: Scope): GuardedRoute {
  return routeWithBody({
    method: 'DELETE',
    path: scope.base,
    access: { people: EDIT_AND_UP },
    description: {
      summary: `Delete vulnerabilities ${scope.words}; one that is seen again is new`,
      isOurs: false,
      request: 'VulnerabilityBaseRequest',
      answer: 'BackgroundJobResponse',
    },
    validator: VulnerabilityBaseRequest,
    async answer(call) {
      const found = await vulnerabilitiesIn(call, call.message.traces, scope)
      if (found.status === 'absent') return found.answer
      const uuids = found.records.map(({ uuid }) => uuid)
      const count = await call.store.removeVulnerabilities(call.organization.id, uuids)
      // It is done at once; clients ask for the job all the same.
      return done({ jobId: newUuid(), messages: [`Vulnerabilities deleted: ${count}.`] })
    },
  })
}

function deleteOne(scope: Scope): GuardedRoute {
  return route({
    method: 'DELETE',
    path: `${scope.base}/trace/:trace`,
    access: { people: EDIT_AND_UP },
    description: {
      summary: `Delete a vulnerability ${scope.words}; when it is seen again it is new`,
      isOurs: false,
      answer: 'BaseApiResponse',
    },
    answer: (call) =>
      withVulnerability(call, scope, async ({ uuid }) => {
        await call.store.removeVulnerabilities(call.organization.id, [uuid])
        return done({ messages: ['The vulnerability was deleted.'] })
      }),
  })
}

export const DELETE_ROUTES: readonly GuardedRoute[] = SCOPES.flatMap((scope) => [
  deleteSeveral(scope),
  deleteOne(scope),
])
