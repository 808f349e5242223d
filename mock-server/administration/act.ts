import type { AuditEntry } from '../store/records.ts'

/** Who did it, for the audit log. */
export interface Actor {
  readonly userName: string
  readonly remoteAddress?: string
}

/** The program that holds the TeamServer in its own process. */
export const IN_PROCESS: Actor = { userName: 'in-process' }

/** The audit entry of an administrative act. */
export function act(name: string, sentence: string, actor: Actor, at: Date): AuditEntry {
  return {
    at,
    kind: 'administration',
    reason: name,
    detail: sentence,
    claimedUserName: actor.userName,
    ...(actor.remoteAddress === undefined ? {} : { remoteAddress: actor.remoteAddress }),
  }
}
