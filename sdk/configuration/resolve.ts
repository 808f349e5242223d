import { resolve } from 'node:path'
import { createCredentials } from '../credentials/credentials.ts'
import { EngineError } from '../errors.ts'
import { describeFault } from '../transport/describe-fault.ts'
import type { Configuration, SessionIdentity } from './configuration.ts'
import { prefittedSource, REQUIRED, requireCredentials, tokenSource } from './credential-sources.ts'
import { defaultsFor } from './defaults.ts'
import { readEnvironment } from './environment.ts'
import { createLookup, type Lookup } from './lookup.ts'
import { type NetworkConfiguration, networkOf } from './network.ts'
import { type EngineOptions, readOptions } from './options.ts'
import { findApplication } from './package-file.ts'
import { isProxyNamed } from './proxy.ts'
import { proxyVariablesSource } from './proxy-variables.ts'
import { NO_FILE } from './small-file.ts'
import { CODE_OF_SOURCE, type Notice, type Source } from './source.ts'
import { completeSurroundings, type GivenSurroundings, type Surroundings } from './surroundings.ts'
import { readYamlFile } from './yaml-file.ts'
import { yamlPlaces } from './yaml-places.ts'

export type Resolution =
  | ResolvedConfiguration
  /** Switched off on purpose; `why` says where. */
  | { readonly status: 'disabled'; readonly why: string }
  /** Something around the program is wrong; the host keeps running without the engine. */
  | { readonly status: 'unusable'; readonly problem: EngineError }

export interface ResolvedConfiguration {
  readonly status: 'ready'
  readonly configuration: Configuration
  /** Where files were looked for, the highest first, and the state in which each was read. */
  readonly files: readonly { readonly path: string; readonly stamp: string }[]
  /**
   * Resolves anew: the files are read again, the options and the environment are those of the start.
   * Never throws.
   *
   * @param provided What the function `credentials` answered; it stands above all else.
   */
  again(provided: Source): Resolution
}

/**
 * Puts together what an engine goes by. What stands higher wins: options, environment, YAML files
 * (merged by key), the agent token, the pre-fitted credentials, defaults.
 *
 * @throws {EngineError} `ERR_OPTION_INVALID`, for what the program passed wrong; nothing else.
 * @see https://docs.contrastsecurity.com/en/order-of-precedence.html
 */
export function resolveConfiguration(
  options: EngineOptions = {},
  surroundings?: GivenSurroundings,
): Resolution {
  const fromOptions = readOptions(options)
  const resolution = orUnusable(() =>
    resolveIn(completeSurroundings(surroundings), fromOptions, {
      areCredentialsProvided: options.credentials !== undefined,
      isFetchProvided: options.fetch !== undefined,
    }),
  )
  if (resolution.status !== 'unusable') return resolution
  if (resolution.problem.code === 'ERR_OPTION_INVALID') throw resolution.problem
  return resolution
}

function orUnusable(resolveNow: () => Resolution): Resolution {
  try {
    return resolveNow()
  } catch (error) {
    return { status: 'unusable', problem: error instanceof EngineError ? error : unforeseen(error) }
  }
}

/** A slip of ours, or a system like no other, is no reason for a host not to come up. */
function unforeseen(error: unknown): EngineError {
  const text = `the configuration cannot be read (${describeFault(error)})`
  return new EngineError('ERR_CONFIGURATION_VALUE', text)
}

/** Which functions the program passed that stand in for settings. */
interface ProvidedFunctions {
  readonly areCredentialsProvided: boolean
  readonly isFetchProvided: boolean
}

function resolveIn(
  surroundings: Surroundings,
  fromOptions: Source,
  { areCredentialsProvided, isFetchProvided }: ProvidedFunctions,
): Resolution {
  // Read once: an application may take keys out of its environment as soon as it has started.
  const environment = readEnvironment(surroundings.env)
  const near = [fromOptions, environment.source]
  // Switched off here, nothing that a file holds can be in the way.
  if (createLookup(near).read('isEnabled') === false) return disabledBy(createLookup(near))

  const places = yamlPlaces(surroundings.env, surroundings.cwd, surroundings.systemYamlFolder)
  const required = areCredentialsProvided ? REQUIRED.slice(0, 1) : REQUIRED
  return resolveWith(new Map())

  function resolveWith(provided: Source): Resolution {
    const found = places.map((place) => ({ path: place.path, file: readYamlFile(place) }))
    const files = found.flatMap(({ file }) => (file === undefined ? [] : [file]))
    const said = [provided, ...near, ...files.map((file) => file.source)]
    if (createLookup(said).read('isEnabled') === false) return disabledBy(createLookup(said))

    const token = tokenSource(createLookup(said))
    const withToken = [...said, token.source]
    const prefitted = prefittedSource(createLookup(withToken), surroundings.prefitted, required)
    const given = createLookup([...withToken, prefitted.source])
    requireCredentials(given, required)

    const start = resolve(surroundings.cwd, given.read('application.root') ?? '.')
    const application = findApplication(start)
    const defaults = defaultsFor(application, surroundings)
    const variables = isProxyNamed(given)
      ? new Map()
      : proxyVariablesSource(surroundings.env, given.need('url'))
    const lookup = createLookup([...withToken, prefitted.source, variables, defaults])
    const { cwd } = surroundings
    const network = networkOf(lookup, { cwd, isFetchProvided })
    const parts = [environment, ...files, token, prefitted, network]
    const notices = parts.flatMap((part) => part.notices)
    return {
      status: 'ready',
      configuration: configure(lookup, {
        cwd,
        root: application.root,
        network: network.configuration,
        notices,
      }),
      files: found.map(({ path, file }) => ({ path, stamp: file?.stamp ?? NO_FILE })),
      again: (answer) => orUnusable(() => resolveWith(answer)),
    }
  }
}

function disabledBy(lookup: Lookup): Resolution {
  return { status: 'disabled', why: `${lookup.find('isEnabled')?.origin.where} is false` }
}

interface ConfigurationParts {
  readonly cwd: string
  /** The folder of the application. */
  readonly root: string
  readonly network: NetworkConfiguration
  readonly notices: readonly Notice[]
}

function configure(
  { read, need, find, origins }: Lookup,
  { cwd, root, network, notices }: ConfigurationParts,
): Configuration {
  const spoolDirectory = need('spoolDirectory')
  return Object.freeze({
    url: need('url'),
    credentials: createCredentials({
      // Absent only until the function `credentials` has answered: see `isComplete`.
      agentUserName: read('agentUserName') ?? '',
      serviceKey: read('serviceKey') ?? '',
      organizationApiKey: read('organizationApiKey'),
    }),
    application: Object.freeze({
      name: need('application.name'),
      path: need('application.path'),
      ...present({
        version: read('application.version'),
        code: read('application.code'),
        group: read('application.group'),
      }),
      tags: need('application.tags'),
      metadata: need('application.metadata'),
      root,
    }),
    server: Object.freeze({
      name: need('server.name'),
      path: need('server.path'),
      type: need('server.type'),
      environment: need('server.environment'),
      tags: need('server.tags'),
    }),
    session: sessionOf({ read, find }),
    ...network,
    queueLimitReports: need('queueLimitReports'),
    batchLimitReports: need('batchLimitReports'),
    batchLimitBytes: need('batchLimitBytes'),
    flushIntervalMs: need('flushIntervalMs'),
    requestTimeoutMs: need('requestTimeoutMs'),
    closeTimeoutMs: need('closeTimeoutMs'),
    // The host may change its working directory later.
    spoolDirectory: spoolDirectory === false ? false : resolve(cwd, spoolDirectory),
    spoolLimitBytes: need('spoolLimitBytes'),
    durability: need('durability'),
    signals: need('signals'),
    heartbeatPeriodMs: need('heartbeatPeriodMs'),
    activityPeriodMs: need('activityPeriodMs'),
    logLevel: need('logLevel'),
    isLibrariesEnabled: need('isLibrariesEnabled'),
    isRoutesEnabled: need('isRoutesEnabled'),
    origins: origins(),
    notices: Object.freeze(notices),
  })
}

/** @throws {EngineError} if both are given, as documented: nobody can tell which is meant. */
function sessionOf({ read, find }: Pick<Lookup, 'read' | 'find'>): SessionIdentity {
  const id = read('session.id')
  const metadata = read('session.metadata')
  const [idGiven, metadataGiven] = [find('session.id'), find('session.metadata')]
  if (idGiven === undefined || metadataGiven === undefined) {
    return Object.freeze(present({ id, metadata }))
  }
  const isOfProgram = [idGiven, metadataGiven].every(({ origin }) => origin.source === 'option')
  throw new EngineError(
    isOfProgram ? CODE_OF_SOURCE.option : CODE_OF_SOURCE.environment,
    `a session has an id (${idGiven.origin.where}) or metadata ` +
      `(${metadataGiven.origin.where}), not both: leave one of them out`,
  )
}

/** The same object without the keys that hold nothing. */
function present<Values extends Readonly<Record<string, unknown>>>(
  values: Values,
): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  const kept = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(kept) as { [Name in keyof Values]?: Exclude<Values[Name], undefined> }
}
