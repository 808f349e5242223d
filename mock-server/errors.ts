/** Programs switch on these. */
export type TeamServerErrorCode =
  | 'ERR_OPTION_INVALID'
  | 'ERR_KEY_INVALID'
  | 'ERR_NAME_TAKEN'
  | 'ERR_NOT_FOUND'
  | 'ERR_LISTEN'
  | 'ERR_NOT_BUILT'
  | 'ERR_CONFIG_FILE'
  | 'ERR_STATE_FILE'
  | 'ERR_WAIT_TIMEOUT'
  | 'ERR_SNAPSHOT'
  | 'ERR_CONTROL'
  | 'ERR_RECORDING'

/** A contract with the mock TeamServer that was broken. The message never holds a key. */
export class TeamServerError extends Error {
  override readonly name: string = 'TeamServerError'
  readonly code: TeamServerErrorCode
  constructor(code: TeamServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
