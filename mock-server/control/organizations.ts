import { json } from '../core/answer.ts'
import { TeamServerError } from '../errors.ts'
import type { Organization } from '../organization/organization.ts'
import { type PlantedPerson, plantOrganization } from '../seed/plant.ts'
import type { OrganizationInFile } from '../seed/seed-file.ts'
import type { OrganizationRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { ControlledServer } from './controlled.ts'
import type { ControlRoute } from './route.ts'

/** Those that are there, the books of one, and a new one with all that a program needs. */
export function organizationRoutes(server: ControlledServer): readonly ControlRoute[] {
  const { store } = server
  return [
    {
      method: 'GET',
      path: '/organizations',
      async answer() {
        const organizations = await store.organizations()
        return json(200, { organizations: organizations.map(({ id, name }) => ({ id, name })) })
      },
    },
    {
      method: 'GET',
      path: '/organizations/:id/ledger',
      async answer({ parameters: { id = '' } }) {
        const { id: found } = await organizationNamed(store, id)
        return json(200, { ledger: server.ledgers.of(found) })
      },
    },
    {
      method: 'POST',
      path: '/organizations',
      async answer({ readJson }) {
        const seed = await checkedSeed(await readJson(), store)
        const { organization, people } = await plantOrganization(server, seed)
        return json(201, await everythingOf(organization, people))
      },
    },
  ]
}

/** @throws `ERR_NOT_FOUND` */
export async function organizationNamed(store: Store, id: string): Promise<OrganizationRecord> {
  const organization = await store.organization(id.toLowerCase())
  if (organization !== undefined) return organization
  throw new TeamServerError('ERR_NOT_FOUND', 'no organization has this id')
}

/**
 * An organization as a seed file has it, whose keys obey the policy in force and whose names are free, so
 * that nothing is made by halves.
 */
async function checkedSeed(body: unknown, store: Store): Promise<OrganizationInFile> {
  const { keyPolicy, passwordPolicy } = await store.systemSettings()
  // Its validator is large, and few make organizations this way.
  const { explainSeed } = await import('../seed/explain-seed.ts')
  const mistakes = explainSeed({ organizations: [body], keyPolicy, passwordPolicy })
  if (mistakes.length > 0) {
    const sentences = mistakes.map(({ text }) =>
      text.replace(/^organizations\[0\]\.?/, '').replace(/^ /, 'the organization '),
    )
    throw new TeamServerError('ERR_OPTION_INVALID', sentences.join('; '))
  }
  // Without mistakes it has this shape.
  const seed = body as OrganizationInFile
  const named = [...(seed.agentKeys ?? []), ...(seed.people ?? [])]
  for (const { userName } of named) {
    if (userName !== undefined && (await store.caller(userName)) !== undefined) {
      throw new TeamServerError('ERR_NAME_TAKEN', 'a user name is taken')
    }
  }
  return seed
}

/** In the words of the line that the command prints, and more. */
async function everythingOf(organization: Organization, people: readonly PlantedPerson[]) {
  const { agent, apiKey } = organization
  const shown = ({ name, userName, serviceKey, token }: typeof agent) => ({
    name,
    userName,
    serviceKey,
    token,
  })
  return {
    success: true,
    messages: [],
    organization: { id: organization.id, name: organization.name },
    agent: shown(agent),
    agentKeys: (await organization.agentKeys()).map(shown),
    apiKey: { enabled: apiKey.isEnabled, value: apiKey.value },
    engineOptions: organization.engineOptions(),
    people: people.map(({ role, credentials: { userName, serviceKey, password } }) => ({
      role,
      userName,
      serviceKey,
      password,
    })),
  }
}
