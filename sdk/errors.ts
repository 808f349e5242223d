import { isError } from './caught-error.ts'

/** What a program switches on. */
export type EngineErrorCode =
  /** The program passed an option of a wrong name, type or range. */
  | 'ERR_OPTION_INVALID'
  /** A plugin has not the shape of one. */
  | 'ERR_PLUGIN_INVALID'
  /** A configuration file cannot be read, or is no configuration. */
  | 'ERR_CONFIGURATION_FILE'
  /** A value from a file or the environment has a wrong type, range or form. */
  | 'ERR_CONFIGURATION_VALUE'
  /** The agent token cannot be read. */
  | 'ERR_TOKEN_INVALID'
  /** URL, agent user name or service key is nowhere to be found. */
  | 'ERR_CREDENTIALS_MISSING'
  /** The credentials that came with the download are missing or damaged. */
  | 'ERR_PREFITTED_INVALID'

/** What the engine reports as wrong: programs read `code`, people `message`. Neither holds a key. */
export class EngineError extends Error {
  override readonly name: string = 'EngineError'
  readonly code: EngineErrorCode

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** What a plugin or a subscriber threw: it may be anything, also what cannot be shown. */
export function inWords(error: unknown): string {
  try {
    return isError(error) ? `${error.name}: ${error.message}` : 'no error was given'
  } catch {
    return 'an error that cannot be shown'
  }
}
