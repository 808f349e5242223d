import { isAddressIn } from '../../addresses/address-ranges.ts'
import { json } from '../../core/answer.ts'
import type { AddressRestriction } from '../../store/records.ts'
import { answering } from '../refuse-errors.ts'
import { ADMIN_ONLY, route, routeWithBody } from '../route.ts'
import { IPRangeRequest } from './validators.generated.js'

const PATH = '/ng/:org/security/ip-ranges'

/** Shows where requests of an organization may come from. */
export const showAddressRanges = route({
  method: 'GET',
  path: PATH,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Show the addresses that requests may come from',
    isOurs: true,
    answer: 'IPRangeAnswer',
  },
  answer: async ({ organization }) => shown(organization.addressRanges),
})

/** Puts another list in its place. */
export const changeAddressRanges = routeWithBody({
  method: 'PUT',
  path: PATH,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Restrict the addresses that requests may come from; an empty list restricts nothing',
    isOurs: true,
    request: 'IPRangeRequest',
    answer: 'IPRangeAnswer',
  },
  validator: IPRangeRequest,
  answer: ({ message, organization, administration, actor }) =>
    answering(async () => {
      const { ipRange: ranges, appliesToAgents } = message
      const restriction = { ranges, appliesToAgents }
      const after = await administration.addresses.restrict(organization.id, restriction, actor)
      // Saved all the same: somebody may prepare the list for a place where they will be.
      const isLockedOut = !isAddressIn(after.addressRanges.ranges, actor.remoteAddress)
      return shown(after.addressRanges, isLockedOut ? [LOCKED_OUT] : [])
    }),
})

const LOCKED_OUT =
  'The address that this call came from is not in the list: the next call from there will be refused.'

function shown({ ranges, appliesToAgents }: AddressRestriction, messages: readonly string[] = []) {
  return json(200, { success: true, messages, ipRanges: ranges, appliesToAgents })
}
