import type { Ledgers } from '../ledger/ledger.ts'
import { printable } from '../printable.ts'
import { shownPath } from '../shown-path.ts'
import type { AuditEntry } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { Answer, FaultNote, RequestHead } from './exchange.ts'
import { BODY_CUT_OFF } from './read-json.ts'

/** What the journal tells of a request's head. */
type Whence = Pick<RequestHead, 'method' | 'target'>

/** One request and what became of it, as it is told to whoever watches. Never a secret. */
export interface ExchangeEvent {
  readonly at: Date
  readonly method: string
  readonly path: string
  readonly status: number
  /** The class and the true reason, when it was turned away. */
  readonly refusal?: { readonly reason: string; readonly detail: string }
  readonly remoteAddress?: string
  readonly userName?: string
  readonly organizationId?: string
  /** What was done to it on purpose. */
  readonly fault?: string
}

/** What is known of a request by the time it is answered. */
export interface ExchangeContext {
  readonly at: Date
  /** Where the request came from, trusted proxies taken into account. */
  readonly remoteAddress?: string | undefined
  /** The organization aimed at, else that of the claimed name. */
  organizationId?: string | undefined
  /** The user name as it was claimed, whether or not it was believed. */
  userName?: string | undefined
  /** Whether the second layer was asked for, once the caller is known. */
  isApiKeyAsked?: boolean
  /** What is done to the request on purpose. */
  readonly fault?: FaultNote | undefined
}

export interface Journal {
  /**
   * Tells of every exchange, and keeps the refused ones with their true reason.
   *
   * @returns Undefined where nothing is kept: most have nobody to wait for.
   */
  answered(head: Whence, answer: Answer, context: ExchangeContext): Promise<void> | undefined
  /**
   * Keeps what an accepted request did, or a remark about it. Rejects when an act of administration
   * cannot be written: then it must not happen. A remark that is lost changes nothing.
   */
  noted(
    head: Whence,
    context: ExchangeContext,
    kind: 'administration' | 'notice',
    reason: string,
    detail: string,
  ): Promise<void>
  /** Keeps a remark that belongs to no request as it stands. A remark that is lost changes nothing. */
  remarked(organizationId: string | undefined, entry: AuditEntry): Promise<void>
  /** Refusals and remarks that could not be written. */
  readonly lostEntries: number
}

const LONGEST_NAME = 128
const LONGEST_DETAIL = 512

/**
 * Writes into the store's audit log, and tells watchers of each request.
 *
 * @param onError Told of each entry that could not be written.
 */
export function createJournal(
  store: Store,
  watchers: { readonly areThere: boolean; tell(event: ExchangeEvent): void },
  ledgers: Pick<Ledgers, 'note'>,
  onError: (error: unknown) => void,
): Journal {
  let lostEntries = 0

  /** What was decided stays so, whether or not it could be written down. */
  async function writeIfPossible(organizationId: string | undefined, entry: AuditEntry) {
    try {
      await store.addAuditEntry(organizationId, entry)
    } catch (error) {
      lostEntries++
      onError(error)
    }
  }

  function tell(head: Whence, answer: Answer, context: ExchangeContext): void {
    const { refusal } = answer
    ledgers.note(
      context.organizationId,
      answer,
      context.fault?.isAnswerLost === true || refusal?.detail === BODY_CUT_OFF,
    )
    if (!watchers.areThere) return
    watchers.tell({
      at: context.at,
      status: answer.status,
      ...whence(head, context.remoteAddress),
      ...(refusal === undefined
        ? {}
        : { refusal: { ...refusal, detail: printable(refusal.detail, LONGEST_DETAIL) } }),
      ...(context.userName === undefined
        ? {}
        : { userName: printable(context.userName, LONGEST_NAME) }),
      ...(context.organizationId === undefined ? {} : { organizationId: context.organizationId }),
      ...(context.fault === undefined ? {} : { fault: context.fault.text }),
    })
  }

  return {
    answered(head, answer, context) {
      const { refusal } = answer
      if (refusal === undefined) {
        tell(head, answer, context)
        return undefined
      }
      const entry = entryOf('refusal', head, context, refusal.reason, refusal.detail)
      return writeIfPossible(context.organizationId, entry).then(() => tell(head, answer, context))
    },
    noted(head, context, kind, reason, detail) {
      const { organizationId } = context
      const entry = entryOf(kind, head, context, reason, detail)
      return kind === 'administration'
        ? store.addAuditEntry(organizationId, entry)
        : writeIfPossible(organizationId, entry)
    },
    remarked: writeIfPossible,
    get lostEntries() {
      return lostEntries
    },
  }
}

function entryOf(
  kind: AuditEntry['kind'],
  head: Whence,
  { at, userName, remoteAddress }: ExchangeContext,
  reason: string,
  detail: string,
): AuditEntry {
  return {
    at,
    kind,
    reason,
    detail: printable(detail, LONGEST_DETAIL),
    ...whence(head, remoteAddress),
    ...(userName === undefined ? {} : { claimedUserName: printable(userName, LONGEST_NAME) }),
  }
}

/** The query is left out: people put keys there. */
function whence({ method, target }: Whence, remoteAddress: string | undefined) {
  const [path = ''] = target.split(/[?#]/, 1)
  return {
    method: printable(method, 32),
    path: shownPath(path),
    ...(remoteAddress === undefined
      ? {}
      : { remoteAddress: printable(remoteAddress, LONGEST_NAME) }),
  }
}
