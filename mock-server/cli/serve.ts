import { isError } from '../caught-error.ts'
import { describeExchange, describeStart, describeStep } from './screen.ts'
import { type StartOptions, start } from './start.ts'
import type { Started } from './started.ts'

export interface ServeOptions extends StartOptions {
  readonly json: boolean
}

/** Starts a mock TeamServer and keeps it until SIGTERM or SIGINT. */
export async function serve(options: ServeOptions): Promise<void> {
  const started = await start(
    options,
    options.json ? undefined : (event) => console.log(describeExchange(event)),
    options.json ? undefined : (played) => console.log(describeStep(played)),
  )
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void end(started))
  }
  // Whoever read the start may have gone (`mock-teamserver | head`): that is no reason to end.
  process.stdout.on('error', () => {})
  // Last of all: whoever reads it may ask for the end at once.
  console.log(options.json ? JSON.stringify(asJson(started)) : describeStart(started))
}

async function end({ teamServer }: Started): Promise<void> {
  try {
    await teamServer.close()
    process.exit(0)
  } catch (error) {
    console.error(`mock-teamserver: ${isError(error) ? error.message : error}`)
    process.exit(1)
  }
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
    ...(listener.url.startsWith('https:') ? { tls: { ca: listener.ca ?? null } } : {}),
  }
}
