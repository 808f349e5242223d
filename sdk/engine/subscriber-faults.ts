import type { Clock } from '../clock.ts'
import { createLineLimit } from '../delivery/line-limit.ts'
import { inWords } from '../errors.ts'
import type { EventsOptions } from '../events/events.ts'
import type { Logger } from '../logger.ts'

/** Says what a subscriber failed with, which is all that comes of it. */
export function faultTeller(logger: Logger, clock: Clock): EventsOptions['onFault'] {
  const limitLine = createLineLimit(clock.now)
  return (channel, error) => {
    limitLine(channel, `a subscriber of ${channel} failed: ${inWords(error)}`, logger.warn)
  }
}
