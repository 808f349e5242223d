import { EngineError } from '../errors.ts'
import type { Logger } from '../logger.ts'
import type { Plugin } from '../plugins/plugin.ts'
import type { Fetch } from '../transport/fetch.ts'
import type { Durability } from './delivery-settings.ts'
import type { ServerEnvironment } from './identity-settings.ts'
import { readRaw } from './kinds.ts'
import { suggestion } from './names.ts'
import { type CertificateOptions, type ProxyOptions, unfoldProxy } from './network-options.ts'
import type { CredentialsProvider } from './provided-credentials.ts'
import { typeInWords } from './reading.ts'
import { isSettingName, SETTING_NAMES, SETTINGS, type SettingName } from './settings.ts'
import type { Given, Source } from './source.ts'

/** What a program may say; everything else comes from the environment, from files, or by default. */
export interface EngineOptions {
  /** Address of the TeamServer: `https://host`, with or without `/Contrast` or `/Contrast/api`. */
  readonly url?: string | undefined
  /** Agent user name of the generated credentials. */
  readonly agentUserName?: string | undefined
  /** Service key of the generated credentials. */
  readonly serviceKey?: string | undefined
  /** Organization API key, the second layer; absent when the organization has not switched it on. */
  readonly organizationApiKey?: string | undefined
  /** Agent token: base64 of JSON with `url`, `user_name`, `service_key` and perhaps `api_key`. */
  readonly token?: string | undefined
  /**
   * Gives the generated credentials, and perhaps the organization API key, as from a vault. Asked before
   * the first request, and again when TeamServer refuses them, at most every 30 s. What it gives stands
   * above every other source; while it fails, what the others say counts.
   */
  readonly credentials?: CredentialsProvider | undefined
  readonly application?: ApplicationOptions | undefined
  readonly server?: ServerOptions | undefined
  /** The run that the findings belong to: an existing one, or what a new one is made with. */
  readonly session?: SessionOptions | undefined
  readonly plugins?: readonly Plugin[] | undefined
  /**
   * Where undelivered reports are kept on disk, across restarts; `false` for nowhere. A folder that is
   * given is used as it is, and may be shared by engines.
   *
   * @default a folder for each TeamServer and agent user name below `$XDG_STATE_HOME/teamserver-engine`,
   *   else below `~/.local/state/teamserver-engine`
   */
  readonly spoolDirectory?: string | false | undefined
  /**
   * Most that the spool takes; past it the oldest is dropped. 1 MiB to 1 GiB.
   *
   * @default 67_108_864 (64 MiB)
   */
  readonly spoolLimitBytes?: number | undefined
  /**
   * `exit`: what waits is on disk when TeamServer is away, past the queue limit, and when the process
   * ends. `always`: every undelivered report is on disk within 500 ms, whatever ends the process.
   *
   * @default 'exit'
   */
  readonly durability?: Durability | undefined
  /** Whether the engine listens to SIGTERM and SIGINT, to spool what waits. @default true */
  readonly signals?: boolean | undefined
  /**
   * Reports kept in memory. Past it they go to the spool; without one the oldest is dropped.
   * 1 to 1 000 000. @default 1_000
   */
  readonly queueLimitReports?: number | undefined
  /** Reports in one request. 1 to 1 000. @default 100 */
  readonly batchLimitReports?: number | undefined
  /** Size of one request body. 1 to 16 777 216. @default 1_048_576 */
  readonly batchLimitBytes?: number | undefined
  /** Longest that a report waits for company. @default 5_000 */
  readonly flushIntervalMs?: number | undefined
  /** Longest that one request takes. @default 10_000 */
  readonly requestTimeoutMs?: number | undefined
  /** Longest that `close()` waits for delivery. @default 5_000 */
  readonly closeTimeoutMs?: number | undefined
  /** The proxy on the way: its address, or more; `false` for none, whatever the environment says. */
  readonly proxy?: ProxyOptions | string | false | undefined
  /** Certificates, pins. */
  readonly certificate?: CertificateOptions | undefined
  /** Refuses a `url` that is plain http, save for this machine. @default false */
  readonly requireHttps?: boolean | undefined
  /** Lets `url` lead to link-local, metadata and unspecified addresses. @default false */
  readonly allowLinkLocal?: boolean | undefined
  /** Sends the requests. Proxy and certificates are then its own affair. @default undici */
  readonly fetch?: Fetch | undefined
  /** Takes the engine's lines; `false` is silence. @default standard error */
  readonly logger?: Logger | false | undefined
}

export interface ApplicationOptions {
  /** @default `name` of package.json, else the folder's name */
  readonly name?: string | undefined
  /** @default '/' */
  readonly path?: string | undefined
  /** @default `version` of package.json */
  readonly version?: string | undefined
  readonly code?: string | undefined
  readonly group?: string | undefined
  readonly tags?: readonly string[] | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

export interface ServerOptions {
  /** @default the host name */
  readonly name?: string | undefined
  /** @default the working directory */
  readonly path?: string | undefined
  /** @default 'node.js v<version>' */
  readonly type?: string | undefined
  /** @default 'DEVELOPMENT' */
  readonly environment?: ServerEnvironment | undefined
  readonly tags?: readonly string[] | undefined
}

/** One of the two: both together are an error. */
export interface SessionOptions {
  readonly id?: string | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

/**
 * Checks everything that the program passed. What is `undefined` or inherited counts as absent.
 *
 * @throws {EngineError} `ERR_OPTION_INVALID`, naming the option and never its value.
 */
export function readOptions(options: EngineOptions): Source {
  return refuseUnreadable('the options', () => readSource(options))
}

/**
 * Reads what the program passed, in which a getter or a proxy may throw.
 *
 * @throws {EngineError} `ERR_OPTION_INVALID`
 */
export function refuseUnreadable<Value>(what: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof EngineError) throw error
    throw new EngineError('ERR_OPTION_INVALID', `${what} cannot be read`, { cause: error })
  }
}

function readSource(options: EngineOptions): Source {
  const source = new Map<SettingName, Given>()
  for (const [name, value] of entriesOf('options', options)) {
    const check = CHECKS.get(name)
    if (check !== undefined) check(value)
    else if (GROUPS.has(name)) {
      const group = name === 'proxy' ? unfoldProxy(value) : value
      for (const [inner, innerValue] of entriesOf(`option ${name}`, group)) {
        addSetting(source, `${name}.${inner}`, innerValue)
      }
    } else addSetting(source, name, value)
  }
  return source
}

const OPTION_NAMES = SETTING_NAMES.filter((name) => SETTINGS[name].isOption)
const GROUPS: ReadonlySet<string> = new Set(
  OPTION_NAMES.flatMap((name) => (name.includes('.') ? name.split('.').slice(0, 1) : [])),
)
const CHECKS: ReadonlyMap<string, (value: unknown) => void> = new Map([
  ['plugins', checkPlugins],
  ['credentials', checkFunction('credentials')],
  ['fetch', checkFunction('fetch')],
  ['logger', checkLogger],
])
const KNOWN_NAMES = [...OPTION_NAMES, ...GROUPS, ...CHECKS.keys()]

function addSetting(source: Map<SettingName, Given>, name: string, value: unknown): void {
  if (!isSettingName(name) || !SETTINGS[name].isOption) {
    throw invalid(`there is no option ${suggestion(name, KNOWN_NAMES)}`)
  }
  const raw = { form: 'typed', value } as const
  const reading = readRaw<unknown>(SETTINGS[name].kind, raw)
  if (reading.status === 'refused') throw invalid(`option ${name} ${reading.why}`)
  source.set(name, { raw, origin: { source: 'option', where: `option ${name}` } })
}

/** The own entries of an object that hold something. */
function entriesOf(what: string, given: unknown): [string, unknown][] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalid(`${what} must be an object; got ${typeInWords(given)}`)
  }
  return Object.entries(given).filter(([, value]) => value !== undefined)
}

function checkPlugins(value: unknown): void {
  if (!Array.isArray(value)) {
    throw invalid(`option plugins must be a list of plugins; got ${typeInWords(value)}`)
  }
  for (const [index, plugin] of value.entries()) {
    if (typeof plugin?.name === 'string' && typeof plugin.start === 'function') continue
    throw invalid(
      `option plugins (entry ${index + 1}) must be what definePlugin() returns, ` +
        `with name and start; got ${typeInWords(plugin)}`,
    )
  }
}

function checkFunction(name: string): (value: unknown) => void {
  return (value) => {
    if (typeof value === 'function') return
    throw invalid(`option ${name} must be a function; got ${typeInWords(value)}`)
  }
}

function checkLogger(value: unknown): void {
  if (value === false || isLogger(value)) return
  throw invalid(
    'option logger must be false or an object with the functions error, warn, info and debug; ' +
      `got ${typeInWords(value)}`,
  )
}

/** A logger is often an instance of a class, or `console`: inherited functions count here. */
function isLogger(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const given: Partial<Record<keyof Logger, unknown>> = value
  return [given.error, given.warn, given.info, given.debug].every(
    (log) => typeof log === 'function',
  )
}

function invalid(message: string): EngineError {
  return new EngineError('ERR_OPTION_INVALID', message)
}
