import { mistakesInRanges } from '../addresses/address-ranges.ts'
import { TeamServerError } from '../errors.ts'
import type { AddressRestriction, OrganizationRecord } from '../store/records.ts'
import { type Actor, act, IN_PROCESS } from './act.ts'
import type { AdministrationParts } from './parts.ts'

/** Entries that one organization may have. */
export const MOST_RANGES = 1_000

/** What an audit entry names of a long list. */
const MOST_RANGES_TOLD = 10

/** Where the requests of each organization may come from. */
export interface OrganizationAddresses {
  /**
   * Puts a list in place of the one before, as a whole; an empty one restricts nothing. It holds
   * from the answer on, also for connections that are open.
   *
   * @throws `ERR_OPTION_INVALID`, naming every entry that is none by its place; `ERR_NOT_FOUND`
   */
  restrict(
    organizationId: string,
    restriction: AddressRestrictionSeed,
    actor?: Actor,
  ): Promise<OrganizationRecord>
}

/** An address list as it is to be. */
export interface AddressRestrictionSeed {
  /** IPv4 or IPv6, each an address or a range in CIDR notation. At most 1 000. */
  readonly ranges: readonly string[]
  /** Whether engines are held to it as well. @default false */
  readonly appliesToAgents?: boolean | undefined
}

export function createOrganizationAddresses({
  store,
  now,
  onChange,
}: AdministrationParts): OrganizationAddresses {
  return {
    async restrict(organizationId, given, actor = IN_PROCESS) {
      const next = checkedRestriction(given)
      const after = await store.changeOrganization(
        organizationId,
        (before) => ({ ...before, addressRanges: next }),
        ({ addressRanges }) =>
          act('address-ranges-changed', difference(addressRanges, next), actor, now()),
      )
      if (after === undefined) throw new TeamServerError('ERR_NOT_FOUND', 'no such organization')
      onChange(after)
      return after
    },
  }
}

/** @throws `ERR_OPTION_INVALID` @param field How the list is called, for the error. */
export function checkedRestriction(
  { ranges, appliesToAgents = false }: AddressRestrictionSeed,
  field = 'ipRange',
): AddressRestriction {
  if (!Array.isArray(ranges)) throw invalid(`${field} must be a list`)
  if (ranges.length > MOST_RANGES) throw invalid(`${field} has more than ${MOST_RANGES} entries`)
  const mistakes = [
    mistakesInRanges(ranges, field),
    typeof appliesToAgents === 'boolean' ? undefined : 'appliesToAgents must be true or false',
  ].filter((mistake) => mistake !== undefined)
  if (mistakes.length > 0) throw invalid(mistakes.join('; '))
  return { ranges: [...new Set(ranges)], appliesToAgents }
}

function invalid(message: string): TeamServerError {
  return new TeamServerError('ERR_OPTION_INVALID', message)
}

/** What is different, in a sentence. */
function difference(before: AddressRestriction, after: AddressRestriction): string {
  const added = after.ranges.filter((range) => !before.ranges.includes(range))
  const removed = before.ranges.filter((range) => !after.ranges.includes(range))
  const changes = [
    ...(added.length === 0 ? [] : [`added ${told(added)}`]),
    ...(removed.length === 0 ? [] : [`removed ${told(removed)}`]),
    ...(after.appliesToAgents === before.appliesToAgents
      ? []
      : [
          after.appliesToAgents ? 'engines are held to it now' : 'engines are no longer held to it',
        ]),
  ]
  return `changed the address ranges: ${changes.length === 0 ? 'no difference' : changes.join('; ')}`
}

function told(ranges: readonly string[]): string {
  const untold = ranges.length - MOST_RANGES_TOLD
  return `${ranges.slice(0, MOST_RANGES_TOLD).join(', ')}${untold > 0 ? ` and ${untold} more` : ''}`
}
