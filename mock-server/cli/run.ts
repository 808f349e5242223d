import { TeamServerError } from '../errors.ts'
import type { Organization, PersonCredentials } from '../organization.ts'
import { readSeedFile } from '../seed/seed-file.ts'
import { type Planted, plant } from '../seed/plant.ts'
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
  const seed = options.config === undefined ? {} : readSeedFile(options.config)
  const teamServer = createTeamServer({
    onError: (error) => console.error('mock-teamserver: an error inside:', error),
    ...(options.json ? {} : { onExchange: (event) => console.log(describeExchange(event)) }),
  })
  const planted = await plant(teamServer, seed)
  const organization = await chooseOrganization(teamServer, planted, options)
  const admin = planted.adminOf(organization) ?? (await organization.addPerson({ role: 'admin' }))
  const superadmin = planted.superadmin ?? (await teamServer.addPerson({ role: 'superadmin' }))
  const listener = await teamServer.listen(options)
  const started = { listener, organization, admin, superadmin }
  console.log(options.json ? JSON.stringify(asJson(started)) : describeStart(started))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void teamServer.close().then(() => process.exit(0)))
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
