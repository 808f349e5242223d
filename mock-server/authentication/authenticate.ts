import { API_KEY, AUTHORIZATION } from '../../sdk/wire/headers.ts'
import type { RefusalReason } from '../../sdk/wire/messages.ts'
import { isRetired, type KeyMatch, type KeySlot, matchKey } from '../keys/key-slot.ts'
import type { KeyUses } from '../keys/key-uses.ts'
import type { Keyring } from '../keys/keyring.ts'
import { type LoginSessions, type SessionDetail, sessionIdIn } from '../sessions/login-sessions.ts'
import type { CallerRecord, LoginSessionRecord, OrganizationRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { decodeAuthorization } from './authorization.ts'

/** A caller whose credentials were right on both layers. */
export interface Caller {
  readonly record: CallerRecord
  /** The organization that the path names, if it exists. */
  readonly named: OrganizationRecord | undefined
  /** The caller's own organization; undefined for a superadmin who has none. */
  readonly own: OrganizationRecord | undefined
  /** The one whose second layer and address ranges hold for this request. */
  readonly guarding: OrganizationRecord | undefined
  /** When the caller is signed in and sent no credentials of their own. */
  readonly session?: LoginSessionRecord
  /** When a replaced key was used: until when it is accepted. */
  readonly serviceKeyAcceptedUntil?: Date
  readonly apiKeyAcceptedUntil?: Date
}

/** The exact reason behind a refusal. For the audit log; never on the wire. */
export type AuthenticationDetail =
  | 'authorization-missing'
  | 'authorization-malformed'
  | 'user-unknown'
  | 'agent-key-deleted'
  | 'person-disabled'
  | 'person-locked'
  | 'organization-locked'
  | 'service-key-wrong'
  | 'service-key-retired'
  | 'api-key-missing'
  | 'api-key-wrong'
  | 'api-key-retired'
  | SessionDetail

/** The verdict, and for the audit log who it was about. */
export type Authentication = {
  /** As claimed, whether or not it was believed; undefined when it could not be read. */
  readonly claimedUserName: string | undefined
  /** The organization aimed at, else that of the claimed name. */
  readonly organizationId: string | undefined
} & (
  | { readonly status: 'accepted'; readonly caller: Caller }
  | {
      readonly status: 'refused'
      readonly reason: RefusalReason
      readonly detail: AuthenticationDetail
    }
)

export interface AuthenticationRequest {
  readonly header: (name: string) => string | undefined
  /** As the path names it. */
  readonly organizationId: string | undefined
  /** Whether a person who is signed in may come without credentials. */
  readonly isSessionTaken: boolean
  /** Whether the call is about the whole TeamServer: a superadmin then needs no API key. */
  readonly isSystemRoute: boolean
  readonly now: Date
}

export interface Authenticator {
  authenticate(request: AuthenticationRequest): Promise<Authentication>
}

export interface AuthenticatorParts {
  readonly store: Store
  readonly keyring: Keyring
  readonly sessions: LoginSessions
  /** Told of each key that was accepted. */
  readonly keyUses: KeyUses
  /** Tells a text that could be a key from one that is a name. */
  readonly isLikeKey: (text: string) => boolean
}

/**
 * Checks both layers. Both are always looked at, an unknown name is compared against a stand-in,
 * and the verdict is read at the end: the time it takes does not say which part was wrong.
 */
export function createAuthenticator(parts: AuthenticatorParts): Authenticator {
  const { store, keyring, sessions, keyUses } = parts
  const standIn: KeySlot = {
    current: {
      digest: keyring.digest('service-key', ''),
      sealed: Buffer.alloc(0),
      since: new Date(0),
    },
    retired: [],
  }

  /** Whoever swaps name and key must not find the key in the audit log. */
  const nameToTell = (userName: string, caller: CallerRecord | undefined) => {
    const isLikeKey = parts.isLikeKey(userName)
    return isLikeKey && caller === undefined ? undefined : userName
  }

  /** A session stands for both layers. */
  async function authenticateSession(
    id: string,
    { organizationId, now }: AuthenticationRequest,
  ): Promise<Authentication> {
    const found = await sessions.find(id, now)
    const userName = found.status === 'open' ? found.session.userName : ''
    const { caller, named, own } = await store.lookUp(userName, organizationId)
    const about = {
      claimedUserName: caller?.userName,
      organizationId: named?.id ?? own?.id,
    }
    if (found.status === 'refused') {
      return { ...about, status: 'refused', reason: 'session-missing', detail: found.detail }
    }
    const objection = caller === undefined ? 'session-unknown' : objectionToState(caller, own)
    if (caller === undefined || objection !== undefined) {
      const detail = objection ?? 'session-unknown'
      return { ...about, status: 'refused', reason: 'session-missing', detail }
    }
    const guarding = speaksFor(caller, named) ? named : own
    const { session } = found
    return {
      ...about,
      status: 'accepted',
      caller: { record: caller, named, own, guarding, session },
    }
  }

  return {
    async authenticate(request) {
      const { header, organizationId, isSystemRoute, now } = request
      const authorization = header(AUTHORIZATION)
      // Credentials of one's own always win over a session.
      const sessionId =
        authorization === undefined && request.isSessionTaken
          ? sessionIdIn(header('cookie'))
          : undefined
      if (sessionId !== undefined) return authenticateSession(sessionId, request)

      const claim = decodeAuthorization(authorization)
      const claimed = claim.status === 'read' ? claim : { userName: '', serviceKey: '' }
      const { caller, named, own } = await store.lookUp(claimed.userName, organizationId)

      const presentedKey = keyring.digest('service-key', claimed.serviceKey)
      const slot = caller?.serviceKey ?? standIn
      const serviceKey = matchKey(slot, presentedKey, now)
      const isOldKey = serviceKey.status === 'wrong' && isRetired(slot, presentedKey)

      const guarding = caller !== undefined && speaksFor(caller, named) ? named : own
      const needsApiKey =
        guarding?.isApiKeyEnabled === true && !(isSystemRoute && isSuperadmin(caller))
      // Digested whether or not it counts: a long one would else take longer where a name is known.
      const apiKeyText = header(API_KEY) ?? ''
      const presentedApiKey = keyring.digest('api-key', apiKeyText)
      const apiKey = matchKey(guarding?.apiKey ?? standIn, presentedApiKey, now)

      const about = {
        claimedUserName: claim.status === 'read' ? nameToTell(claim.userName, caller) : undefined,
        organizationId: named?.id ?? own?.id,
      }
      const refused = (reason: RefusalReason, detail: AuthenticationDetail): Authentication => ({
        ...about,
        status: 'refused',
        reason,
        detail,
      })
      if (claim.status === 'missing') {
        return refused('credentials-missing', 'authorization-missing')
      }
      if (claim.status === 'malformed') {
        return refused('credentials-wrong', 'authorization-malformed')
      }
      if (caller === undefined) return refused('credentials-wrong', 'user-unknown')
      const objection = objectionToState(caller, own)
      if (objection !== undefined) return refused('credentials-wrong', objection)
      if (serviceKey.status === 'wrong') {
        return refused('credentials-wrong', isOldKey ? 'service-key-retired' : 'service-key-wrong')
      }
      // Only someone who holds the generated credentials learns that there is a second layer.
      if (needsApiKey && apiKey.status === 'wrong') {
        if (apiKeyText === '') return refused('api-key-wrong', 'api-key-missing')
        const isOld = isRetired(guarding.apiKey, presentedApiKey)
        return refused('api-key-wrong', isOld ? 'api-key-retired' : 'api-key-wrong')
      }
      keyUses.note('service-key', caller.userName, slot, serviceKey, now)
      if (needsApiKey) keyUses.note('api-key', guarding.id, guarding.apiKey, apiKey, now)
      const current: Caller = { record: caller, named, own, guarding }
      const isReplaced = serviceKey.status === 'replaced' || apiKey.status === 'replaced'
      // Field by field: it is made for every report.
      return {
        claimedUserName: about.claimedUserName,
        organizationId: about.organizationId,
        status: 'accepted',
        caller: isReplaced
          ? {
              ...current,
              ...acceptedUntil('serviceKeyAcceptedUntil', serviceKey),
              ...(needsApiKey ? acceptedUntil('apiKeyAcceptedUntil', apiKey) : {}),
            }
          : current,
      }
    },
  }
}

/** Why right credentials are of no use to this caller, if they are not. */
function objectionToState(
  caller: CallerRecord,
  own: OrganizationRecord | undefined,
): AuthenticationDetail | undefined {
  if (caller.kind === 'agent') {
    if (caller.deletedAt !== undefined) return 'agent-key-deleted'
    return own?.isLocked === true ? 'organization-locked' : undefined
  }
  if (!caller.isEnabled) return 'person-disabled'
  return caller.lock === undefined ? undefined : 'person-locked'
}

/** True when layer two of the named organization is the one that counts for this caller. */
function speaksFor(caller: CallerRecord, named: OrganizationRecord | undefined): boolean {
  if (named === undefined) return false
  if (caller.kind === 'agent') return caller.organizationId === named.id
  return caller.roles.has(named.id) || caller.systemRole !== undefined
}

function isSuperadmin(caller: CallerRecord | undefined): boolean {
  return caller?.kind === 'person' && caller.systemRole === 'superadmin'
}

function acceptedUntil<Name extends string>(
  name: Name,
  match: KeyMatch,
): Partial<Record<Name, Date>> {
  if (match.status !== 'replaced') return {}
  return { [name]: match.acceptedUntil } as Partial<Record<Name, Date>>
}
