import { TeamServerError } from '../errors.ts'
import type { Organization } from '../organization/organization.ts'
import type { KnownPerson, PersonCredentials } from '../organization/people.ts'
import { type Planted, plant } from '../seed/plant.ts'
import { readSeedFile, type SeedFile } from '../seed/seed-file.ts'
import type { TeamServerOptions } from '../team-server/options.ts'
import { createTeamServer, type TeamServer } from '../team-server/team-server.ts'
import { describeExchange, describeStart } from './screen.ts'
import type { ShownPerson, Started } from './started.ts'

export interface RunOptions {
  readonly host: string
  readonly port: number
  readonly organization?: string
  readonly apiKey?: 'on' | 'off'
  readonly config?: string
  readonly state?: string
  readonly control: boolean
  readonly json: boolean
}

const DEFAULT_ORGANIZATION = 'Demo'

/** Of one address that is not this machine, unless the file says how many. */
const DEFAULT_FAILED_ATTEMPTS_PER_MINUTE = 60
const THIS_MACHINE = ['127.0.0.0/8', '::1']

/** Starts a mock TeamServer and keeps it until SIGTERM or SIGINT. */
export async function run(options: RunOptions): Promise<void> {
  const seed = options.config === undefined ? {} : readSeedFile(options.config)
  const teamServer = createTeamServer({
    onError: (error) => console.error('mock-teamserver: an error inside:', error),
    ...(options.json ? {} : { onExchange: (event) => console.log(describeExchange(event)) }),
    ...(options.state === undefined ? {} : { stateFile: options.state }),
    ...optionsIn(seed),
  })
  let started: Started
  try {
    started = await prepare(teamServer, seed, options)
  } catch (error) {
    // What failed is the error to tell, and the state file is let go in any case.
    await teamServer.close().catch(() => {})
    throw error
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void end(teamServer))
  }
  // Whoever read the start may have gone (`mock-teamserver | head`): that is no reason to end.
  process.stdout.on('error', () => {})
  // Last of all: whoever reads it may ask for the end at once.
  console.log(options.json ? JSON.stringify(asJson(started)) : describeStart(started))
}

async function end(teamServer: TeamServer): Promise<void> {
  try {
    await teamServer.close()
    process.exit(0)
  } catch (error) {
    console.error(`mock-teamserver: ${error instanceof Error ? error.message : error}`)
    process.exit(1)
  }
}

async function prepare(
  teamServer: TeamServer,
  seed: SeedFile,
  options: RunOptions,
): Promise<Started> {
  const planted = await plantFrom(teamServer, seed, options.config)
  const organization = await chooseOrganization(teamServer, planted, options)
  const admin =
    planted.adminOf(organization) ??
    (await organization.people()).find(({ role }) => role === 'admin') ??
    (await organization.addPerson({ role: 'admin' }))
  const superadmin =
    planted.superadmin ??
    (await teamServer.people()).find(({ role }) => role === 'superadmin') ??
    (await teamServer.addPerson({ role: 'superadmin' }))
  return {
    listener: await teamServer.listen(options),
    organization,
    admin: shown(admin),
    superadmin: shown(superadmin),
    stateFile: options.state,
  }
}

/** What a file says of this run rather than of what is kept. */
function optionsIn({
  trustedProxies,
  failedAttemptsPerMinute,
  scryptCost,
}: SeedFile): Partial<TeamServerOptions> {
  return {
    ...(failedAttemptsPerMinute === undefined
      ? {
          failedAttemptsPerMinute: DEFAULT_FAILED_ATTEMPTS_PER_MINUTE,
          failedAttemptsExempt: THIS_MACHINE,
        }
      : { failedAttemptsPerMinute }),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    ...(scryptCost === undefined ? {} : { scryptCost }),
  }
}

/** What a file says that no schema sees, such as a user name used twice, is a mistake of the file too. */
async function plantFrom(
  teamServer: TeamServer,
  seed: SeedFile,
  file: string | undefined,
): Promise<Planted> {
  try {
    return await plant(teamServer, seed)
  } catch (cause) {
    if (!(cause instanceof TeamServerError) || cause.code === 'ERR_STATE_FILE') throw cause
    throw new TeamServerError('ERR_CONFIG_FILE', `${file}: ${cause.message}`, { cause })
  }
}

/** The organization that is shown: by its name, else the first of the file or the state, else a new one. */
async function chooseOrganization(
  teamServer: TeamServer,
  planted: Planted,
  { organization: name, apiKey }: RunOptions,
): Promise<Organization> {
  const all = await teamServer.organizations()
  const isNamed = (each: Organization) => each.name === name
  const chosen =
    name === undefined
      ? (planted.organizations[0] ?? all[0])
      : (planted.organizations.find(isNamed) ?? all.find(isNamed))
  if (chosen === undefined) {
    if (planted.organizations.length > 0) {
      const known = all.map((each) => each.name).join(', ')
      throw new TeamServerError(
        'ERR_OPTION_INVALID',
        `--organization names none of the --config file; it has ${known}`,
      )
    }
    return teamServer.createOrganization({
      name: name ?? DEFAULT_ORGANIZATION,
      apiKey: { enabled: apiKey === 'on' },
    })
  }
  if (apiKey === 'on' && !chosen.apiKey.isEnabled) await chosen.apiKey.enable()
  if (apiKey === 'off' && chosen.apiKey.isEnabled) await chosen.apiKey.disable()
  return chosen
}

function shown(person: PersonCredentials | KnownPerson): ShownPerson {
  const { userName, serviceKey } = person
  return { userName, serviceKey, password: 'password' in person ? person.password : null }
}

/** The one line that programs read. */
function asJson({ listener, organization, admin, superadmin }: Started) {
  const { agent, apiKey } = organization
  return {
    url: listener.url,
    organization: { id: organization.id, name: organization.name },
    agent: { userName: agent.userName, serviceKey: agent.serviceKey, token: agent.token },
    apiKey: { enabled: apiKey.isEnabled, value: apiKey.value },
    admin,
    superadmin,
    control:
      listener.control === undefined
        ? null
        : { url: listener.control.url, token: listener.control.token },
  }
}
