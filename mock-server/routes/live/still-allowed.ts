import { isAllowed } from '../../core/permission.ts'
import type { StillAllowed } from '../../live/still-allowed.ts'
import type { LoginSessionRecord } from '../../store/records.ts'
import type { Access, Call } from '../route.ts'

/** Asks the store anew whether a person may still look at the organization from where they are. */
export function stillAllowed(
  { store, organization, remoteAddress, administration, clock }: Call,
  access: Access,
  { handle, userName }: LoginSessionRecord,
): StillAllowed {
  return async () => {
    const session = await store.loginSession(handle)
    if (session === undefined) return { status: 'ended', reason: 'session-ended' }
    const { idleTimeoutMs, sessionTimeoutMs } = await administration.passwords.policy()
    const nowMs = clock().getTime()
    const idleInMs = session.lastSeenAt.getTime() + idleTimeoutMs - nowMs
    const endsInMs = session.createdAt.getTime() + sessionTimeoutMs - nowMs
    if (endsInMs <= 0) return { status: 'ended', reason: 'session-ended' }
    if (idleInMs <= 0) return { status: 'ended', reason: 'session-idle' }
    const { caller: record, named, own } = await store.lookUp(userName, organization.id)
    const isStill =
      record !== undefined &&
      named !== undefined &&
      isAllowed({ record, named, own, guarding: named }, access, named, remoteAddress)
    if (!isStill || record.kind !== 'person') return { status: 'ended', reason: 'role-changed' }
    const role = record.systemRole ?? record.roles.get(organization.id) ?? ''
    return { status: 'allowed', role, idleInMs, endsInMs }
  }
}
