import { renameSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { codeOf, isError } from '../caught-error.ts'
import type { ExchangeEvent } from '../core/journal.ts'
import { TeamServerError } from '../errors.ts'
import type { Organization } from '../organization/organization.ts'
import type { KnownPerson, PersonCredentials } from '../organization/people.ts'
import { printable } from '../printable.ts'
import type { PlayedStep } from '../scenario/play.ts'
import { type Planted, plant } from '../seed/plant.ts'
import type { SeedFile } from '../seed/seed-file.ts'
import type { TeamServerOptions } from '../team-server/options.ts'
import { createTeamServer, type TeamServer } from '../team-server/team-server.ts'
import type { ShownPerson, Started } from './started.ts'
import { readTlsFiles, type TlsFiles } from './tls-files.ts'

/** What both commands take. */
export interface StartOptions extends TlsFiles {
  readonly host: string
  readonly port: number
  readonly organization?: string
  readonly apiKey?: 'on' | 'off'
  readonly config?: string
  readonly seed?: string
  readonly state?: string
  readonly record?: string
  readonly control: boolean
  readonly controlFrom?: readonly string[]
  readonly portFile?: string
}

const DEFAULT_ORGANIZATION = 'Demo'

/** Of one address that is not this machine, unless the file says how many. */
const DEFAULT_FAILED_ATTEMPTS_PER_MINUTE = 60
const THIS_MACHINE = ['127.0.0.0/8', '::1']

/**
 * Starts a mock TeamServer as the options and the files say.
 *
 * @param onExchange Told of each request.
 * @param onStep Told of each step of a scenario.
 */
export async function start(
  options: StartOptions,
  onExchange?: (event: ExchangeEvent) => void,
  onStep: (played: PlayedStep) => void = () => {},
): Promise<Started> {
  if (options.controlFrom !== undefined && !options.control) {
    throw new TeamServerError('ERR_OPTION_INVALID', '--control-from needs --control')
  }
  const seed = options.config === undefined ? {} : await readConfig(options.config)
  const teamServer = createTeamServer({
    onError: tell,
    ...(onExchange === undefined ? {} : { onExchange }),
    ...(options.state === undefined ? {} : { stateFile: options.state }),
    ...optionsIn(seed),
  })
  let started: Started
  try {
    started = await prepare(teamServer, seed, options, onStep)
    const { url, ca } = started.listener
    if (options.tlsCaFile !== undefined) writeWhole('--tls-ca-file', options.tlsCaFile, ca ?? '')
    // Last: whoever waits for it goes on from there.
    if (options.portFile !== undefined) writeWhole('--port-file', options.portFile, `${url}\n`)
  } catch (error) {
    // What failed is the error to tell, and the state file is let go in any case.
    await teamServer.close().catch(() => {})
    throw error
  }
  return started
}

/** Whoever has no such file does not load what reads it. */
async function readConfig(path: string): Promise<SeedFile> {
  const { readSeedFile } = await import('../seed/seed-file.ts')
  return readSeedFile(path)
}

/** On one line, with the id that the answer names. */
function tell(error: unknown, id?: string): void {
  const text = isError(error) ? (error.stack ?? error.message) : String(error)
  console.error(`mock-teamserver: error ${id ?? 'inside'}: ${printable(text, 4_096)}`)
}

/** Written beside it and moved there, so that whoever waits for the file never reads half of it. */
function writeWhole(option: string, file: string, text: string): void {
  const whole = `${file}.${process.pid}`
  try {
    writeFileSync(whole, text)
    renameSync(whole, file)
  } catch (cause) {
    const reason = codeOf(cause)
    const why = reason === undefined ? '' : ` (${reason})`
    throw new TeamServerError('ERR_OPTION_INVALID', `${option} ${file} cannot be written${why}`, {
      cause,
    })
  }
}

async function prepare(
  teamServer: TeamServer,
  seed: SeedFile,
  options: StartOptions,
  onStep: (played: PlayedStep) => void,
): Promise<Started> {
  if (options.record !== undefined) teamServer.record(options.record)
  let isReady = false
  const { host, port, control, controlFrom } = options
  const listener = await teamServer.listen({
    host,
    port,
    control,
    tls: readTlsFiles(options),
    ...(controlFrom === undefined ? {} : { controlFrom }),
    isReady: () => isReady,
  })
  const planted = await plantFrom(teamServer, seed, options.config)
  const organization = await chooseOrganization(teamServer, planted, options)
  if (options.seed !== undefined) await plantDemo(organization, options.seed)
  const admin =
    planted.adminOf(organization) ??
    (await organization.people()).find(({ role }) => role === 'admin') ??
    (await organization.addPerson({ role: 'admin' }))
  const superadmin =
    planted.superadmin ??
    (await teamServer.people()).find(({ role }) => role === 'superadmin') ??
    (await teamServer.addPerson({ role: 'superadmin' }))
  isReady = true
  if (seed.scenario !== undefined) teamServer.play(seed.scenario, { onStep })
  return {
    teamServer,
    listener,
    organization,
    admin: shown(admin),
    superadmin: shown(superadmin),
    stateFile: options.state,
    caFile: options.tlsCaFile === undefined ? undefined : resolve(options.tlsCaFile),
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

/** Whoever wants no demonstration does not load what makes one. */
async function plantDemo(organization: Organization, word: string): Promise<void> {
  const { demoApplications } = await import('../seed/demo/demo.ts')
  const [, number = '1'] = word.split(':')
  await organization.plant(demoApplications(Number(number)))
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
  { organization: name, apiKey }: StartOptions,
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
