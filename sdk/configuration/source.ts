import type { EngineErrorCode } from '../errors.ts'
import type { SettingName } from './settings.ts'

/** Where a value came from. `where` is for people: `environment CONTRAST__API__SERVICE_KEY`. */
export interface Origin {
  readonly source: OriginSource
  readonly where: string
}

export type OriginSource =
  | 'option'
  | 'environment'
  | 'yaml'
  | 'token'
  | 'server'
  | 'prefitted'
  | 'default'

/** A value as its source holds it, not yet checked. */
export interface Given {
  readonly origin: Origin
  readonly raw: Raw
  /** The folder that relative paths start from; absent: the working directory. */
  readonly folder?: string
}

export type Raw =
  /** A value of the program, or a list or map of YAML. */
  | { readonly form: 'typed'; readonly value: unknown }
  /** Text that may stand for anything: a variable, or a plain scalar of YAML exactly as written. */
  | { readonly form: 'text'; readonly text: string }
  /** Text that can be nothing else: a quoted scalar of YAML, a field of the token. */
  | { readonly form: 'quoted'; readonly text: string }
  /** Something that nobody can tell the meaning of; `why` follows the name, as in `Reading`. */
  | { readonly form: 'unclear'; readonly why: string }

/** What one place says of the settings. */
export type Source = ReadonlyMap<SettingName, Given>

/** A line for the log about something that works, but perhaps not as meant. */
export interface Notice {
  readonly level: 'warn' | 'info'
  readonly text: string
}

/** The code of an error about a value, by where the value came from. */
export const CODE_OF_SOURCE = {
  option: 'ERR_OPTION_INVALID',
  environment: 'ERR_CONFIGURATION_VALUE',
  yaml: 'ERR_CONFIGURATION_VALUE',
  token: 'ERR_TOKEN_INVALID',
  server: 'ERR_CONFIGURATION_VALUE',
  prefitted: 'ERR_PREFITTED_INVALID',
  default: 'ERR_CONFIGURATION_VALUE',
} as const satisfies Record<OriginSource, EngineErrorCode>
