import type { Configuration } from '../configuration/configuration.ts'
import type { Delivery } from '../transport/classify.ts'
import type { Settings } from '../wire/messages.ts'
import type { Calls } from './calls.ts'

/** Makes the application known and opens a session, before the first reports. */
export interface Announcement {
  /** Nothing is left to say: both calls were answered, by yes or by a no for good. */
  readonly isDone: boolean
  /** Absent while there is none: reports then go out without. */
  readonly sessionId: string | undefined
  /** Makes the next call. */
  next(): Promise<Delivery<unknown>>
  /** Begins anew: another caller has a session of its own. */
  restart(): void
}

export interface AnnouncementOptions {
  readonly calls: Calls
  readonly configuration: Pick<Configuration, 'application' | 'server' | 'session'>
  onSettings(settings: Settings): void
  /** A call was refused for good. */
  onRefused(what: string, why: string): void
}

type Step = 'application' | 'session' | 'done'

export function createAnnouncement(options: AnnouncementOptions): Announcement {
  const { calls, configuration } = options
  const configuredSession = configuration.session.id
  let step: Step = 'application'
  let sessionId = configuredSession
  let round = 0

  async function announceApplication(): Promise<Delivery<unknown>> {
    const begunIn = round
    const delivery = await calls.createApplication(applicationRequest(configuration))
    // What the caller before us was answered says nothing of the present one.
    if (begunIn !== round) return delivery
    if (isFinal(delivery)) step = configuredSession === undefined ? 'session' : 'done'
    if (isNo(delivery)) options.onRefused('the application', delivery.why)
    return delivery
  }

  async function openSession(): Promise<Delivery<unknown>> {
    const { metadata } = configuration.session
    const application = configuration.application.name
    const begunIn = round
    const delivery = await calls.createSession({ application, ...(metadata && { metadata }) })
    if (begunIn !== round) return delivery
    if (isFinal(delivery)) step = 'done'
    if (isNo(delivery)) options.onRefused('the session', delivery.why)
    if (delivery.status === 'accepted') {
      sessionId = delivery.body.sessionId
      options.onSettings(delivery.body.settings)
    }
    return delivery
  }

  return {
    get isDone() {
      return step === 'done'
    },
    get sessionId() {
      return sessionId
    },
    next: () => (step === 'application' ? announceApplication() : openSession()),
    restart() {
      round += 1
      step = 'application'
      sessionId = configuredSession
    },
  }
}

function isNo(delivery: Delivery<unknown>): delivery is Delivery<never> & { readonly why: string } {
  return delivery.status === 'refused' || delivery.status === 'too-large'
}

function isFinal(delivery: Delivery<unknown>): boolean {
  return delivery.status === 'accepted' || isNo(delivery)
}

function applicationRequest({
  application,
  server,
}: AnnouncementOptions['configuration']): Parameters<Calls['createApplication']>[0] {
  const { name, path, version, code, group, tags, metadata } = application
  return {
    name,
    language: 'Node',
    path,
    ...(version !== undefined && { version }),
    ...(code !== undefined && { code }),
    ...(group !== undefined && { group }),
    ...(tags.length > 0 && { tags: [...tags] }),
    ...(Object.keys(metadata).length > 0 && { metadata: { ...metadata } }),
    server: {
      name: server.name,
      path: server.path,
      type: server.type,
      environment: server.environment,
      ...(server.tags.length > 0 && { tags: [...server.tags] }),
    },
  }
}
