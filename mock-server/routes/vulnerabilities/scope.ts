import type { Answer } from '../../core/exchange.ts'
import type { VulnerabilityRecord } from '../../inventory/vulnerability.ts'
import { notFound } from '../listing/not-found.ts'
import type { Call } from '../route.ts'
import { namesOn, type Surroundings, surroundingsOf } from './surroundings.ts'

/** What a call about vulnerabilities needs beside its body. */
export type VulnerabilityCall = Omit<Call<unknown>, 'message'>

/** Whose vulnerabilities a path is about: the organization's, an application's, a server's. */
export interface Scope {
  readonly base: string
  /** For summaries: "of the organization". */
  readonly words: string
  /** The names of the applications in it; undefined for all there are. */
  readonly names: (
    call: VulnerabilityCall,
    surroundings: Surroundings,
  ) => ReadonlySet<string> | undefined | Answer
}

export const ORGANIZATION_SCOPE: Scope = {
  base: '/ng/:org/orgtraces',
  words: 'of the organization',
  names: () => undefined,
}

export const APPLICATION_SCOPE: Scope = {
  base: '/ng/:org/traces/:app',
  words: 'of an application',
  names({ parameters }, { applications }) {
    const id = (parameters.app ?? '').toLowerCase()
    const found = [...applications.values()].find((each) => each.id === id)
    return found === undefined ? notFound('application') : new Set([found.name])
  },
}

export const SERVER_SCOPE: Scope = {
  base: '/ng/:org/servertraces/:server',
  words: 'of the applications on a server',
  names({ parameters }, surroundings) {
    const found = surroundings.servers.filter(({ id }) => String(id) === parameters.server)
    return found.length === 0 ? notFound('server') : namesOn(surroundings, found)
  },
}

export const SCOPES: readonly Scope[] = [ORGANIZATION_SCOPE, APPLICATION_SCOPE, SERVER_SCOPE]

/** What is in a scope, or the answer that there is no such thing. */
export type Inside =
  | {
      readonly status: 'inside'
      readonly surroundings: Surroundings
      readonly names: ReadonlySet<string> | undefined
    }
  | { readonly status: 'absent'; readonly answer: Answer }

export async function inside(call: VulnerabilityCall, scope: Scope): Promise<Inside> {
  const surroundings = await surroundingsOf(call)
  const names = scope.names(call, surroundings)
  if (names !== undefined && 'status' in names) return { status: 'absent', answer: names }
  return { status: 'inside', surroundings, names }
}

/** Answers about the vulnerability that the path names, if it is in the scope. */
export async function withVulnerability(
  call: VulnerabilityCall,
  scope: Scope,
  answer: (record: VulnerabilityRecord, surroundings: Surroundings) => Answer | Promise<Answer>,
): Promise<Answer> {
  const found = await inside(call, scope)
  if (found.status === 'absent') return found.answer
  const uuid = (call.parameters.trace ?? '').toUpperCase()
  const record = await call.store.vulnerability(call.organization.id, uuid)
  if (record === undefined || found.names?.has(record.application) === false) {
    return notFound('vulnerability')
  }
  return answer(record, found.surroundings)
}
