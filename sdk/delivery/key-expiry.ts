import type { Events } from '../events/events.ts'
import type { Answer } from '../transport/transport.ts'
import { API_KEY_ACCEPTED_UNTIL, SERVICE_KEY_ACCEPTED_UNTIL } from '../wire/headers.ts'

const KEYS = [
  { header: SERVICE_KEY_ACCEPTED_UNTIL, key: 'serviceKey', name: 'the service key' },
  { header: API_KEY_ACCEPTED_UNTIL, key: 'organizationApiKey', name: 'the organization API key' },
] as const

export interface KeyExpiry {
  /** Says once a key that an answer calls replaced. */
  look(answer: Answer): void
  /** The keys were changed: what was said no longer counts. */
  forget(): void
}

/** Watches answers for keys that were rotated and are accepted only a while longer. */
export function createKeyExpiry(warn: (line: string) => void, events: Events): KeyExpiry {
  const said = new Set<string>()
  return {
    look(answer) {
      for (const { header, key, name } of KEYS) {
        const until = new Date(answer.header(header) ?? Number.NaN)
        if (said.has(header) || Number.isNaN(until.getTime())) continue
        said.add(header)
        warn(
          `${name} was rotated. The one in use is accepted until ${until.toISOString()}; set the new one, or call updateCredentials()`,
        )
        events.to('credentials:rotated')?.({ key, acceptedUntil: until })
      }
    },
    forget: () => said.clear(),
  }
}
