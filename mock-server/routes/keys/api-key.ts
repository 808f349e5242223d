import type { Administration } from '../../administration/administration.ts'
import { json } from '../../core/answer.ts'
import type { OrganizationRecord } from '../../store/records.ts'
import { answering } from '../refuse-errors.ts'
import { ADMIN_ONLY, EDIT_AND_UP, route, routeWithBody } from '../route.ts'
import { ApiKeyChangeRequest, KeyRotationRequest } from './validators.generated.js'

const PATH = '/ng/:org/organizations/apikey'
const ANSWER = 'OrganizationApiKeyAnswer'

/** Shows the organization API key, and whether it is asked for. */
export const showApiKey = route({
  method: 'GET',
  path: PATH,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Show the organization API key, and whether it is asked for',
    isOurs: false,
    answer: ANSWER,
  },
  answer: ({ organization, administration }) => shown(organization, administration),
})

/** Shows the same to people who are signed in: the documented page has it for more than the documented call. */
export const showApiKeyOnPage = route({
  method: 'GET',
  path: '/ng/:org/profile/apikey',
  access: { people: EDIT_AND_UP },
  needsSession: true,
  description: {
    summary: 'Show the organization API key on the page; with a login alone',
    isOurs: true,
    answer: ANSWER,
  },
  answer: ({ organization, administration }) => shown(organization, administration),
})

/** Switches the second layer, puts a value of somebody's own in place, or both in one step. */
export const changeApiKey = routeWithBody({
  method: 'PUT',
  path: PATH,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Switch the organization API key on or off, or set its value; both or neither',
    isOurs: true,
    request: 'ApiKeyChangeRequest',
    answer: ANSWER,
  },
  validator: ApiKeyChangeRequest,
  answer: ({ message, organization, administration, actor }) =>
    answering(async () =>
      shown(await administration.apiKeys.change(organization.id, message, actor), administration),
    ),
})

/** Replaces the key; the old one is refused from the answer on, unless an overlap was asked for. */
export const rotateApiKey = routeWithBody({
  method: 'PUT',
  path: `${PATH}/rotate`,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Replace the organization API key by a generated one',
    isOurs: true,
    request: 'KeyRotationRequest',
    answer: ANSWER,
  },
  isBodyOptional: true,
  validator: KeyRotationRequest,
  answer: ({ message, organization, administration, actor }) =>
    answering(async () =>
      shown(await administration.apiKeys.rotate(organization.id, message, actor), administration),
    ),
})

/** Refuses the replaced key from the answer on. */
export const revokeApiKey = route({
  method: 'PUT',
  path: `${PATH}/revoke`,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'End the overlap of a replaced organization API key now',
    isOurs: true,
    answer: ANSWER,
  },
  answer: ({ organization, administration, actor }) =>
    answering(async () =>
      shown(await administration.apiKeys.closeOverlap(organization.id, actor), administration),
    ),
})

async function shown(organization: OrganizationRecord, { apiKeys }: Administration) {
  const { replaced } = organization.apiKey
  const { lastUsedAt, replacedLastUsedAt } = apiKeys.lastUse(organization)
  return json(200, {
    success: true,
    messages: [],
    api_key: apiKeys.reveal(organization),
    enabled: organization.isApiKeyEnabled,
    ...(replaced === undefined ? {} : { acceptedUntil: replaced.acceptedUntil.toISOString() }),
    compliant: await apiKeys.isCompliant(organization),
    ...(lastUsedAt === undefined ? {} : { lastUsed: lastUsedAt.toISOString() }),
    ...(replacedLastUsedAt === undefined
      ? {}
      : { replacedLastUsed: replacedLastUsedAt.toISOString() }),
  })
}
