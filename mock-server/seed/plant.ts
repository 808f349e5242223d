import type { Organization, PersonCredentials } from '../organization.ts'
import type { TeamServer } from '../team-server.ts'
import type { SeedFile } from './seed-file.ts'

/** What a seed file put in place. */
export interface Planted {
  readonly organizations: readonly Organization[]
  /** The first superadmin of the file. */
  readonly superadmin: PersonCredentials | undefined
  /** The first admin of an organization of the file. */
  readonly adminOf: (organization: Organization) => PersonCredentials | undefined
}

/**
 * Puts what a seed file says in place.
 *
 * @throws `ERR_NAME_TAKEN` when two of its entries share an id or a user name.
 */
export async function plant(teamServer: TeamServer, seed: SeedFile): Promise<Planted> {
  const organizations: Organization[] = []
  const admins = new Map<string, PersonCredentials>()
  for (const { people = [], ...organizationSeed } of seed.organizations ?? []) {
    const organization = await teamServer.createOrganization(organizationSeed)
    organizations.push(organization)
    for (const personSeed of people) {
      const person = await organization.addPerson(personSeed)
      const isFirstAdmin = personSeed.role === 'admin' && !admins.has(organization.id)
      if (isFirstAdmin) admins.set(organization.id, person)
    }
  }
  let superadmin: PersonCredentials | undefined
  for (const personSeed of seed.people ?? []) {
    const person = await teamServer.addPerson(personSeed)
    if (personSeed.role === 'superadmin') superadmin ??= person
  }
  return { organizations, superadmin, adminOf: ({ id }) => admins.get(id) }
}
