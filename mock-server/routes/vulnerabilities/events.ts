import type { FindingReport } from '../../../sdk/wire/messages.ts'
import { evidenceOf, framesOf } from './finding.ts'
import { requestText } from './http-request.ts'

/** One step of how a weakness shows. */
export interface FindingEvent {
  readonly eventId: number
  readonly type: 'Creation' | 'Trigger'
  readonly description: string
  readonly codeContext: string
  readonly frames: readonly string[]
  readonly data: string
}

/**
 * The events of a finding. Engines report a request, what they saw and a stack, and no path of data: what
 * came in is the first event, where it showed the last.
 */
export function eventsOf(finding: FindingReport): readonly FindingEvent[] {
  const request = requestText(finding)
  const frames = framesOf(finding)
  const evidence = evidenceOf(finding)
  const creation = {
    type: 'Creation' as const,
    description: 'The request came in',
    codeContext: request?.split('\n', 1)[0] ?? '',
    frames: [],
    data: request ?? '',
  }
  const trigger = {
    type: 'Trigger' as const,
    description: 'The weakness showed',
    codeContext: frames[0] ?? evidence,
    frames,
    data: evidence,
  }
  const steps = request === undefined ? [trigger] : [creation, trigger]
  return steps.map((step, at) => ({ eventId: at + 1, ...step }))
}

/** The documented `TraceEventResource`, and what public clients read of it. */
export function eventResource({ eventId, type, description, codeContext, data }: FindingEvent) {
  return {
    eventId,
    id: String(eventId),
    type,
    description,
    codeContext,
    important: type === 'Trigger',
    dataView: { lines: [{ text: data }] },
    codeView: { lines: [{ text: codeContext }] },
  }
}

/** The documented `TraceEventItem`. */
export function eventDetails({ codeContext, frames, data }: FindingEvent) {
  const [top = ''] = frames
  return {
    className: /\(([^()]*?)(?::\d+)*\)?$/.exec(top)?.[1] ?? '',
    method: /^(?:at )?(?:async )?([^\s(]+)/.exec(top)?.[1] ?? codeContext,
    object: '',
    objectTracked: false,
    parameters: [],
    returnTracked: true,
    returnValue: data,
    lastCustomFrame: 0,
    stacktraces: frames.map((description, stackFrameIndex) => ({
      description,
      stackFrameIndex,
      type: description.includes('node_modules') ? 'common' : 'custom',
    })),
  }
}
