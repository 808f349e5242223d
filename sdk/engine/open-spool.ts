import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import type { Configuration } from '../configuration/configuration.ts'
import { createSpool } from '../spool/create-spool.ts'
import type { Spool, SpoolEvents } from '../spool/spool.ts'

export type SpoolConfiguration = Pick<
  Configuration,
  'credentials' | 'origins' | 'spoolLimitBytes' | 'url'
>

/**
 * Opens the spool for what goes to one TeamServer under one agent user name: nobody else gets to see it.
 *
 * @param spoolDirectory As configured; by default it holds one folder for each of them.
 */
export function openSpool(
  spoolDirectory: string,
  configuration: SpoolConfiguration,
  clock: Clock,
  events: SpoolEvents,
): Spool {
  const { url, credentials, spoolLimitBytes } = configuration
  const destination = `${url}\n${credentials.agentUserName}`
  const isGiven = configuration.origins.spoolDirectory.source !== 'default'
  return createSpool({
    directory: isGiven ? spoolDirectory : join(spoolDirectory, hashOf(destination)),
    destination,
    limitBytes: spoolLimitBytes,
    clock,
    events,
  })
}

function hashOf(text: string): string {
  // Loaded when it is needed: it takes 2 ms, which the start of a host need not wait for.
  const { createHash } = process.getBuiltinModule('node:crypto')
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
