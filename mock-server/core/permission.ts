import { isAddressIn } from '../addresses/address-ranges.ts'
import type { Caller } from '../authentication/authenticate.ts'
import { type Access, type GuardedRoute, isPersonRoute, type PersonRoute } from '../routes/route.ts'
import type { CallerRecord, OrganizationRecord, PersonRecord } from '../store/records.ts'
import { refusal } from './answer.ts'
import type { Answer } from './exchange.ts'

/** Whether a known caller may use a route, and whom or what it is then about. */
export type Permission =
  | {
      readonly status: 'granted'
      readonly about: 'person'
      readonly route: PersonRoute
      readonly person: PersonRecord
    }
  | {
      readonly status: 'granted'
      readonly about: 'organization'
      readonly route: GuardedRoute
      /** Named in the path, else the caller's own. */
      readonly organization: OrganizationRecord
    }
  | { readonly status: 'refused'; readonly answer: Answer }

/**
 * Looks at the address, then the organization, then the role.
 *
 * @param organizationId As the path names it.
 */
export function permissionOf(
  caller: Caller,
  route: GuardedRoute | PersonRoute,
  organizationId: string | undefined,
  remoteAddress: string | undefined,
): Permission {
  const { record } = caller
  if (!isAddressAllowed(caller, remoteAddress)) return refused('address-refused')

  const organization = organizationId === undefined ? caller.own : caller.named
  if (organizationId !== undefined && organization === undefined) {
    return refused('organization-refused', 'organization-unknown')
  }
  if (organization !== undefined && !belongsTo(record, organization)) {
    return refused('organization-refused', 'organization-of-others')
  }
  if (organization?.isLocked === true && !isSuperadmin(record)) {
    return refused('organization-refused', 'organization-locked')
  }

  if (isPersonRoute(route)) {
    if (record.kind === 'agent') return refused('role-refused', 'agent-on-rest')
    if (route.access === 'superadmin' && !isSuperadmin(record)) {
      return refused('role-refused', 'role-too-small')
    }
    return { status: 'granted', about: 'person', route, person: record }
  }
  const objection = objectionTo(record, organization, route.access)
  if (objection !== undefined) return refused('role-refused', objection)
  if (organization === undefined) return refused('organization-refused', 'organization-missing')
  return { status: 'granted', about: 'organization', route, organization }
}

/** The same of a route that is about an organization, for who is let in for longer than a call. */
export function isAllowed(
  caller: Caller,
  access: Access,
  organization: OrganizationRecord,
  remoteAddress: string | undefined,
): boolean {
  const { record } = caller
  return (
    isAddressAllowed(caller, remoteAddress) &&
    belongsTo(record, organization) &&
    (!organization.isLocked || isSuperadmin(record)) &&
    objectionTo(record, organization, access) === undefined
  )
}

/** An empty list restricts nothing; engines are held to it only where that was asked for. */
function isAddressAllowed({ record, guarding }: Caller, address: string | undefined): boolean {
  const restriction = guarding?.addressRanges
  if (restriction === undefined) return true
  if (record.kind === 'agent' && !restriction.appliesToAgents) return true
  return isAddressIn(restriction.ranges, address)
}

function belongsTo(record: CallerRecord, organization: OrganizationRecord): boolean {
  if (record.kind === 'agent') return record.organizationId === organization.id
  return record.systemRole !== undefined || record.roles.has(organization.id)
}

function isSuperadmin(record: CallerRecord): boolean {
  return record.kind === 'person' && record.systemRole === 'superadmin'
}

/** Says why the caller may not use a route, for the audit log; undefined when it may. */
function objectionTo(
  record: CallerRecord,
  organization: OrganizationRecord | undefined,
  access: Access,
): string | undefined {
  if (access === 'agents') return record.kind === 'agent' ? undefined : 'person-on-engine-route'
  if (record.kind === 'agent') return 'agent-on-rest'
  if (record.systemRole === 'superadmin') return undefined
  if (record.systemRole === 'observer' && access.people.includes('view')) return undefined
  const role = record.roles.get(organization?.id ?? '')
  return role !== undefined && access.people.includes(role) ? undefined : 'role-too-small'
}

function refused(
  reason: 'address-refused' | 'organization-refused' | 'role-refused',
  detail?: string,
): Permission {
  return { status: 'refused', answer: refusal(reason, { detail }) }
}
