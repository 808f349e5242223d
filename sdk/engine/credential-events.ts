import type { Configuration } from '../configuration/configuration.ts'
import type { Events } from '../events/events.ts'
import type { HoldStatus } from '../events/messages.ts'
import type { HoldCause } from '../transport/classify.ts'

/** Tells that other keys count from now on, and where they come from. */
export function tellRenewal(
  events: Events,
  { credentials, origins }: Pick<Configuration, 'credentials' | 'origins'>,
): void {
  const hasApiKey = credentials.organizationApiKey !== undefined
  events.to('credentials:renewed')?.({
    origins: {
      agentUserName: origins.agentUserName.where,
      serviceKey: origins.serviceKey.where,
      ...(hasApiKey && { organizationApiKey: origins.organizationApiKey.where }),
    },
  })
}

/** Tells of a hold, if it is for the keys. */
export function tellRefusal(events: Events, { cause, message }: HoldStatus): void {
  if (!OF_KEYS.has(cause)) return
  events.to('credentials:refused')?.({ cause, layer: LAYER_OF[cause], message })
}

const LAYER_OF: Partial<Record<HoldCause, 1 | 2>> = {
  credentials: 1,
  organization: 1,
  role: 1,
  'api-key': 2,
}

const OF_KEYS: ReadonlySet<HoldCause> = new Set([
  'credentials',
  'api-key',
  'unauthorized',
  'organization',
  'role',
])
