import { json, refusal } from '../../core/answer.ts'
import { encodeAgentToken } from '../../keys/agent-token.ts'
import type { AgentKeyRecord } from '../../store/records.ts'
import { credentialsFor } from '../agents/agent-key-of.ts'
import { answering } from '../refuse-errors.ts'
import { ADMIN_ONLY, type Call, RULES_ADMIN_AND_UP, route, routeWithBody } from '../route.ts'
import { KeyRotationRequest, NewAgentKeyRequest } from './validators.generated.js'

const KEYS = '/ng/:org/agents/keys'
const KEY = `${KEYS}/:name`

/** What no segment of a path can say. */
const UNNAMEABLE = /^\.{1,2}$|[/\\\p{Cs}]/u

/** Lists the agent keys that are not deleted, in the order in which they were added. */
export const listAgentKeys = route({
  method: 'GET',
  path: KEYS,
  access: { people: RULES_ADMIN_AND_UP },
  description: {
    summary: 'List the agent keys of the organization',
    isOurs: true,
    answer: 'AgentKeysAnswer',
  },
  async answer(call) {
    const found = await call.administration.agentKeys.list(call.organization.id)
    const agent_keys = await Promise.all(found.map((each) => agentKeyResource(call, each)))
    return json(200, { success: true, messages: [], agent_keys, count: agent_keys.length })
  },
})

/** Adds an agent key with generated credentials. */
export const addAgentKey = routeWithBody({
  method: 'POST',
  path: KEYS,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Add an agent key',
    isOurs: true,
    request: 'NewAgentKeyRequest',
    answer: 'AgentKeyAnswer',
    answerStatus: 201,
  },
  validator: NewAgentKeyRequest,
  answer: (call) =>
    answering(async () => {
      const { message, organization, administration, actor } = call
      const { name } = message
      if (UNNAMEABLE.test(name)) {
        const where = 'name may be no dots alone and hold no slashes: a path has to name the key'
        return refusal('body-malformed', { where })
      }
      return shown(call, await administration.agentKeys.add(organization, { name }, actor), 201)
    }),
})

/** Replaces its service key; the old one is refused from the answer on, unless an overlap was asked for. */
export const rotateAgentKey = routeWithBody({
  method: 'PUT',
  path: `${KEY}/rotate`,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Replace the service key of an agent key by a generated one',
    isOurs: true,
    request: 'KeyRotationRequest',
    answer: 'AgentKeyAnswer',
  },
  isBodyOptional: true,
  validator: KeyRotationRequest,
  answer: (call) =>
    answering(async () => {
      const { message, organization, parameters, administration, actor } = call
      const { name = '' } = parameters
      return shown(
        call,
        await administration.agentKeys.rotate(organization.id, name, message, actor),
      )
    }),
})

/** Refuses the replaced service key from the answer on. */
export const revokeAgentKey = route({
  method: 'PUT',
  path: `${KEY}/revoke`,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'End the overlap of a replaced service key now',
    isOurs: true,
    answer: 'AgentKeyAnswer',
  },
  answer: (call) =>
    answering(async () => {
      const { organization, parameters, administration, actor } = call
      const { name = '' } = parameters
      return shown(call, await administration.agentKeys.closeOverlap(organization.id, name, actor))
    }),
})

/** Deletes an agent key: its engines are refused from the answer on. */
export const deleteAgentKey = route({
  method: 'DELETE',
  path: KEY,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Delete an agent key: its engines are refused from then on',
    isOurs: true,
    answer: 'AgentKeyDeletedAnswer',
  },
  answer: ({ organization, parameters, administration, actor }) =>
    answering(async () => {
      await administration.agentKeys.delete(organization.id, parameters.name ?? '', actor)
      return json(200, { success: true, messages: [] })
    }),
})

/** The part of a call that an agent key is shown with. */
type Surroundings = Pick<Call, 'organization' | 'administration' | 'address'>

async function shown(call: Surroundings, agentKey: AgentKeyRecord, status = 200) {
  const agent_key = await agentKeyResource(call, agentKey)
  return json(status, { success: true, messages: [], agent_key })
}

/** Times in milliseconds, as public clients read them. */
async function agentKeyResource(call: Surroundings, agentKey: AgentKeyRecord) {
  const { agentKeys } = call.administration
  const { replaced } = agentKey.serviceKey
  const { lastUsedAt, replacedLastUsedAt } = agentKeys.lastUse(agentKey)
  return {
    name: agentKey.name,
    user_name: agentKey.userName,
    service_key: agentKeys.reveal(agentKey),
    token: encodeAgentToken(credentialsFor(call, agentKey)),
    created: agentKey.createdAt.getTime(),
    compliant: await agentKeys.isCompliant(agentKey),
    ...(replaced === undefined ? {} : { accepted_until: replaced.acceptedUntil.getTime() }),
    ...(lastUsedAt === undefined ? {} : { last_used: lastUsedAt.getTime() }),
    ...(replacedLastUsedAt === undefined
      ? {}
      : { replaced_last_used: replacedLastUsedAt.getTime() }),
  }
}
