import type { Administration } from '../../administration/administration.ts'
import type { PersonRecord } from '../../store/records.ts'
import { done } from '../done.ts'
import { answering } from '../refuse-errors.ts'
import { personRoute, personRouteWithBody } from '../route.ts'
import { ServiceKeyRotationRequest } from './validators.generated.js'

/** Shows the caller's own service key. */
export const showServiceKey = personRoute({
  method: 'GET',
  path: '/ng/profile/servicekey',
  access: 'every-person',
  description: {
    summary: 'Show the service key of the caller',
    isOurs: false,
    answer: 'ServiceKeyAnswer',
  },
  answer: async ({ person, administration }) => shown(person, administration),
})

/** Replaces the caller's own service key by a generated one. */
export const rotateServiceKey = personRouteWithBody({
  method: 'PUT',
  path: '/ng/profile/servicekey/rotate',
  access: 'every-person',
  description: {
    summary: 'Replace the service key of the caller',
    isOurs: false,
    request: 'ServiceKeyRotationRequest',
    answer: 'ServiceKeyAnswer',
  },
  isBodyOptional: true,
  validator: ServiceKeyRotationRequest,
  answer: ({ person, message, administration, actor }) =>
    answering(async () => {
      const after = await administration.people.rotateServiceKey(person, message, actor)
      return shown(after, administration)
    }),
})

function shown(person: PersonRecord, administration: Administration) {
  const { replaced } = person.serviceKey
  return done({
    service_key: administration.people.reveal(person),
    user_uid: person.userName,
    ...(replaced === undefined ? {} : { acceptedUntil: replaced.acceptedUntil.toISOString() }),
  })
}
