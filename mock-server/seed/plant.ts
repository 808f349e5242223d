import type { PersonSeed } from '../administration/person-seed.ts'
import type { Organization } from '../organization/organization.ts'
import type { KnownPerson, PersonCredentials } from '../organization/people.ts'
import type { TeamServer } from '../team-server/team-server.ts'
import type { OrganizationInFile, SeedFile } from './seed-file.ts'

/** What a seed file put in place, or found there already. */
export interface Planted {
  /** Those of the file, in its order. */
  readonly organizations: readonly Organization[]
  /** The first superadmin of the file who was added. */
  readonly superadmin: PersonCredentials | undefined
  /** The first admin of an organization of the file who was added. */
  readonly adminOf: (organization: Organization) => PersonCredentials | undefined
}

/**
 * Puts what a seed file says in place. What is there already, out of a state file, stays as it is:
 * of the file, only organizations and names of people that are new are added, and the policies hold
 * only where there is no organization yet.
 *
 * @throws `ERR_NAME_TAKEN` when an entry has the id or user name of something else.
 */
export async function plant(teamServer: TeamServer, seed: SeedFile): Promise<Planted> {
  const before = await teamServer.organizations()
  const isFresh = before.length === 0
  if (isFresh) await setPolicies(teamServer, seed)
  const organizations: Organization[] = []
  const admins = new Map<string, PersonCredentials>()
  for (const inFile of seed.organizations ?? []) {
    const known = find(before, inFile)
    if (known !== undefined) {
      organizations.push(known)
      // Faults are of a run, and nothing that is kept.
      for (const rule of inFile.faults ?? []) known.faults.add(rule)
      // Nor is what engines reported.
      await known.plant(inFile.applications ?? [])
      continue
    }
    const { organization, people } = await plantOrganization(teamServer, inFile)
    organizations.push(organization)
    const admin = people.find(({ role }) => role === 'admin')
    if (admin !== undefined) admins.set(organization.id, admin.credentials)
  }
  for (const rule of seed.faults ?? []) teamServer.faults.add(rule)
  let superadmin: PersonCredentials | undefined
  const there: readonly KnownPerson[] = isFresh ? [] : await teamServer.people()
  for (const personSeed of seed.people ?? []) {
    const { userName } = personSeed
    // Whoever has no name in the file was given one when the file was new.
    if (!isFresh && userName === undefined) continue
    if (there.some((each) => each.userName === userName)) continue
    const person = await teamServer.addPerson(personSeed)
    if (personSeed.role === 'superadmin') superadmin ??= person
  }
  return { organizations, superadmin, adminOf: ({ id }) => admins.get(id) }
}

/** A person of a new organization. */
export interface PlantedPerson {
  readonly role: PersonSeed['role']
  readonly credentials: PersonCredentials
}

/** Makes one organization with its people. @throws `ERR_NAME_TAKEN` */
export async function plantOrganization(
  teamServer: Pick<TeamServer, 'createOrganization'>,
  {
    people: members = [],
    addressRanges,
    faults = [],
    applications = [],
    ...seed
  }: OrganizationInFile,
): Promise<{ readonly organization: Organization; readonly people: readonly PlantedPerson[] }> {
  const organization = await teamServer.createOrganization(seed)
  const people: PlantedPerson[] = []
  for (const member of members) {
    people.push({ role: member.role, credentials: await organization.addPerson(member) })
  }
  if (addressRanges !== undefined) {
    const { ranges, ...rest } = addressRanges
    await organization.restrictAddresses(ranges, rest)
  }
  for (const rule of faults) organization.faults.add(rule)
  await organization.plant(applications)
  return { organization, people }
}

function find(
  organizations: readonly Organization[],
  { id, name }: OrganizationInFile,
): Organization | undefined {
  return organizations.find((each) =>
    id === undefined ? each.name === name : each.id === id.toLowerCase(),
  )
}

async function setPolicies(
  teamServer: TeamServer,
  { keyPolicy, passwordPolicy }: SeedFile,
): Promise<void> {
  if (keyPolicy !== undefined) {
    await teamServer.setKeyPolicy({ ...(await teamServer.keyPolicy()), ...keyPolicy })
  }
  if (passwordPolicy !== undefined) await teamServer.setPasswordPolicy(passwordPolicy)
}
