import type { AuditEntry } from './records.ts'

/** A request that was turned away. */
export interface RefusedRequest {
  readonly at: Date
  /** The class, as it was answered. */
  readonly reason: string
  /** The true reason. */
  readonly detail: string
  readonly method: string
  readonly path: string
  readonly remoteAddress: string | undefined
  readonly claimedUserName: string | undefined
}

/** The refused requests among audit entries. */
export function refusalsIn(entries: readonly AuditEntry[]): readonly RefusedRequest[] {
  return entries
    .filter(({ kind }) => kind === 'refusal')
    .map(({ at, reason, detail, method = '', path = '', remoteAddress, claimedUserName }) => ({
      at,
      reason,
      detail,
      method,
      path,
      remoteAddress,
      claimedUserName,
    }))
}

/** In one line for people. */
export function refusalInWords({
  reason,
  detail,
  method,
  path,
}: Pick<RefusedRequest, 'reason' | 'detail' | 'method' | 'path'>): string {
  const why = reason === detail ? reason : `${reason} (${detail})`
  return `${method} ${path}: ${why}`
}
