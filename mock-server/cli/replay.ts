import { TeamServerError } from '../errors.ts'
import { replay } from '../recording/replay.ts'

export interface ReplayCommandOptions {
  readonly url?: string
  readonly pace: boolean
}

/**
 * Sends a recording again, with the credentials of the environment: an argument could be read by everybody
 * on this machine.
 *
 * @returns 0 when each request was answered as it was then, else 1.
 */
export async function replayFile(file: string, options: ReplayCommandOptions): Promise<number> {
  const url = options.url ?? needed('CONTRAST__API__URL')
  const organizationApiKey = process.env.CONTRAST__API__API_KEY
  const replayed = await replay(
    file,
    {
      url: url.replace(/\/+$/, ''),
      agentUserName: needed('CONTRAST__API__USER_NAME'),
      serviceKey: needed('CONTRAST__API__SERVICE_KEY'),
      ...(organizationApiKey !== undefined && { organizationApiKey }),
    },
    { keepsPace: options.pace },
  )
  for (const { call, recordedStatus, status } of replayed) {
    const then = status === recordedStatus ? '' : `  (${recordedStatus} when it was recorded)`
    console.log(`${status} ${call}${then}`)
  }
  return replayed.every(({ recordedStatus, status }) => status === recordedStatus) ? 0 : 1
}

function needed(name: string): string {
  const value = process.env[name]
  if (value !== undefined && value !== '') return value
  throw new TeamServerError('ERR_OPTION_INVALID', `replay needs ${name} in the environment`)
}
