import { json } from '../../core/answer.ts'
import type { KeyPolicies } from '../../store/records.ts'
import { answering } from '../refuse-errors.ts'
import { ADMIN_ONLY, personRoute, personRouteWithBody, route } from '../route.ts'
import { KeyPolicyRequest } from './validators.generated.js'

const PATH = '/ng/superadmin/security/key-policy'

/** Shows what keys must be made of: the Key Management form. */
export const showKeyPolicy = personRoute({
  method: 'GET',
  path: PATH,
  access: 'superadmin',
  description: {
    summary: 'Show what keys must be made of',
    isOurs: true,
    answer: 'KeyPolicyAnswer',
  },
  answer: async ({ administration }) => shown(await administration.keyPolicies.read()),
})

/** Shows an administrator what keys of the organization must be made of, before one is supplied. */
export const showOrganizationKeyPolicy = route({
  method: 'GET',
  path: '/ng/:org/security/key-policy',
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Show what keys of the organization must be made of',
    isOurs: true,
    answer: 'OrganizationKeyPolicyAnswer',
  },
  async answer({ administration }) {
    const { organizationApiKey, applicationKey } = await administration.keyPolicies.read()
    return json(200, { success: true, messages: [], organizationApiKey, applicationKey })
  },
})

/** Saves the whole form. Of two saves at once, the later one holds, whole. */
export const changeKeyPolicy = personRouteWithBody({
  method: 'PUT',
  path: PATH,
  access: 'superadmin',
  description: {
    summary:
      'Set what keys must be made of; a policy that allows weak keys is answered with a warning',
    isOurs: true,
    request: 'KeyPolicyRequest',
    answer: 'KeyPolicyAnswer',
  },
  validator: KeyPolicyRequest,
  answer: ({ message, administration, actor }) =>
    answering(async () => {
      const { policies, warnings } = await administration.keyPolicies.save(message, actor)
      return shown(policies, warnings)
    }),
})

function shown(policies: KeyPolicies, messages: readonly string[] = []) {
  return json(200, { success: true, messages, ...policies })
}
