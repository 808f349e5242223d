import { printable } from '../printable.ts'
import type { AuditEntry } from '../store/records.ts'

const LONGEST_SENTENCE = 512
const LONGEST_NAME = 128

/** Who did it, for the audit log. */
export interface Actor {
  readonly userName: string
  readonly remoteAddress?: string
}

/** The program that holds the TeamServer in its own process. */
export const IN_PROCESS: Actor = { userName: 'in-process' }

/** The audit entry of an administrative act. A sentence may name what a person named. */
export function act(name: string, sentence: string, actor: Actor, at: Date): AuditEntry {
  return {
    at,
    kind: 'administration',
    reason: name,
    detail: printable(sentence, LONGEST_SENTENCE),
    claimedUserName: printable(actor.userName, LONGEST_NAME),
    ...(actor.remoteAddress === undefined ? {} : { remoteAddress: actor.remoteAddress }),
  }
}
