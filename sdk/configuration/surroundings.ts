import { homedir, hostname } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { Environment } from './environment.ts'
import { type PrefittedRead, readPrefitted } from './prefitted.ts'

/** What the configuration is resolved in: the process, unless a test says otherwise. */
export interface Surroundings {
  readonly env: Environment
  readonly cwd: string
  readonly hostname: string
  readonly prefitted: PrefittedRead
  /** Holds the configuration files of the whole machine. */
  readonly systemYamlFolder: string
  /** Where programs of this user keep what outlives them; absent where nobody knows. */
  readonly stateFolder: string | undefined
}

/** What can be said of them; the rest is looked up. */
export interface GivenSurroundings extends Partial<Surroundings> {
  /** @default process.platform */
  readonly platform?: NodeJS.Platform
}

export function completeSurroundings(given: GivenSurroundings = {}): Surroundings {
  const env = given.env ?? process.env
  return {
    env,
    cwd: given.cwd ?? orElse(process.cwd, '/'),
    hostname: given.hostname ?? orElse(hostname, 'localhost'),
    prefitted: given.prefitted ?? readPrefitted(),
    systemYamlFolder:
      given.systemYamlFolder ?? systemYamlFolder(given.platform ?? process.platform, env),
    stateFolder: 'stateFolder' in given ? given.stateFolder : stateFolder(env),
  }
}

/**
 * A relative `XDG_STATE_HOME` counts as not set.
 *
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
function stateFolder(env: Environment): string | undefined {
  const named = env.XDG_STATE_HOME ?? ''
  if (isAbsolute(named)) return named
  const home = orElse(homedir, '')
  return isAbsolute(home) ? join(home, '.local', 'state') : undefined
}

function systemYamlFolder(platform: NodeJS.Platform, env: Environment): string {
  if (platform !== 'win32') return '/etc/contrast'
  return join(env.ProgramData ?? 'C:\\ProgramData', 'contrast')
}

/** The working directory may be deleted, and a machine may refuse to say its name. */
function orElse(find: () => string, otherwise: string): string {
  try {
    return find()
  } catch {
    return otherwise
  }
}
