import { TeamServerError } from '../errors.ts'
import type { Organization, PersonCredentials } from '../organization.ts'
import { type Planted, plant } from '../seed/plant.ts'
import { readSeedFile } from '../seed/seed-file.ts'
import { createTeamServer, type TeamServer } from '../team-server.ts'
import { describeExchange, describeStart } from './screen.ts'
import type { Started } from './started.ts'

export interface RunOptions {
  readonly host: string
  readonly port: number
  readonly organization?: string
  readonly apiKey?: 'on' | 'off'
  readonly config?: string
  readonly control: boolean
  readonly json: boolean
}

const DEFAULT_ORGANIZATION = 'Demo'

/** Starts a mock TeamServer and keeps it until SIGTERM or SIGINT. */
export async function run(options: RunOptions): Promise<void> {
  const teamServer = createTeamServer({
    onError: (error) => console.error('mock-teamserver: an error inside:', error),
    ...(options.json ? {} : { onExchange: (event) => console.log(describeExchange(event)) }),
  })
  const planted = await plantFrom(teamServer, options.config)
  const organization = await chooseOrganization(teamServer, planted, options)
  const admin = planted.adminOf(organization) ?? (await organization.addPerson({ role: 'admin' }))
  const superadmin = planted.superadmin ?? (await teamServer.addPerson({ role: 'superadmin' }))
  const listener = await teamServer.listen(options)
  const started = { listener, organization, admin, superadmin }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void teamServer.close().then(() => process.exit(0)))
  }
  // Whoever read the start may have gone (`mock-teamserver | head`): that is no reason to end.
  process.stdout.on('error', () => {})
  // Last of all: whoever reads it may ask for the end at once.
  console.log(options.json ? JSON.stringify(asJson(started)) : describeStart(started))
}

/** What a file says that no schema sees, such as a user name used twice, is a mistake of the file too. */
async function plantFrom(teamServer: TeamServer, file: string | undefined): Promise<Planted> {
  if (file === undefined) return plant(teamServer, {})
  const seed = readSeedFile(file)
  try {
    return await plant(teamServer, seed)
  } catch (cause) {
    if (!(cause instanceof TeamServerError)) throw cause
    throw new TeamServerError('ERR_CONFIG_FILE', `${file}: ${cause.message}`, { cause })
  }
}

/** The organization that is shown: one of the file by its name or place, else a new one. */
async function chooseOrganization(
  teamServer: TeamServer,
  { organizations }: Planted,
  { organization: name, apiKey }: RunOptions,
): Promise<Organization> {
  const [first] = organizations
  if (first === undefined) {
    return teamServer.createOrganization({
      name: name ?? DEFAULT_ORGANIZATION,
      apiKey: { enabled: apiKey === 'on' },
    })
  }
  const chosen = name === undefined ? first : organizations.find((each) => each.name === name)
  if (chosen === undefined) {
    const known = organizations.map((each) => each.name).join(', ')
    throw new TeamServerError(
      'ERR_OPTION_INVALID',
      `--organization names none of the --config file; it has ${known}`,
    )
  }
  if (apiKey === 'on') await chosen.apiKey.enable()
  if (apiKey === 'off') await chosen.apiKey.disable()
  return chosen
}

/** The one line that programs read. */
function asJson({ listener, organization, admin, superadmin }: Started) {
  const { agent, apiKey } = organization
  const person = ({ userName, password, serviceKey }: PersonCredentials) => ({
    userName,
    password,
    serviceKey,
  })
  return {
    url: listener.url,
    organization: { id: organization.id, name: organization.name },
    agent: { userName: agent.userName, serviceKey: agent.serviceKey, token: agent.token },
    apiKey: { enabled: apiKey.isEnabled, value: apiKey.value },
    admin: person(admin),
    superadmin: person(superadmin),
    control: listener.control ?? null,
  }
}
