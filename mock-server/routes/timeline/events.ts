import type { VulnerabilityRecord } from '../../inventory/vulnerability.ts'
import type { ApplicationRecord, ServerRecord } from '../../store/records.ts'
import { done } from '../done.ts'
import { createQueryReader } from '../listing/query.ts'
import { ALL_ROLES, type Call, type GuardedRoute, route } from '../route.ts'
import { statusLabel } from '../vulnerabilities/words.ts'

/** Something that happened, in a sentence. */
interface Happening {
  readonly at: Date
  readonly type: string
  readonly sentence: string
}

type Kind = 'application' | 'server' | 'trace'

const SOURCES: Readonly<Record<Kind, (call: Call) => Promise<readonly Happening[]>>> = {
  application: async ({ store, organization }) =>
    (await store.applications(organization.id)).flatMap(ofApplication),
  server: async ({ store, organization }) =>
    (await store.servers(organization.id)).flatMap(ofServer),
  trace: async ({ store, organization }) =>
    (await store.searchVulnerabilities(organization.id)).vulnerabilities.flatMap(ofVulnerability),
}

function ofApplication({ name, createdAt, resetAt }: ApplicationRecord): readonly Happening[] {
  return [
    {
      at: createdAt,
      type: 'APPLICATION_CREATED',
      sentence: `The application ${name} became known`,
    },
    ...(resetAt === undefined
      ? []
      : [
          { at: resetAt, type: 'APPLICATION_RESET', sentence: `The application ${name} was reset` },
        ]),
  ]
}

function ofServer({ name, createdAt }: ServerRecord): readonly Happening[] {
  return [{ at: createdAt, type: 'SERVER_CREATED', sentence: `The server ${name} became known` }]
}

function ofVulnerability({
  title,
  application,
  discoveredAt,
  triage,
}: VulnerabilityRecord): readonly Happening[] {
  return [
    {
      at: discoveredAt,
      type: 'TRACE_CREATED',
      sentence: `${title} was found in the application ${application}`,
    },
    ...triage.history.map(({ at, by, to }) => ({
      at,
      type: 'TRACE_STATUS_CHANGED',
      sentence: `${by} marked ${title} of the application ${application} ${statusLabel(to)}`,
    })),
  ]
}

/** The newest of what happened. */
function listEvents(path: string, kinds: readonly Kind[], of: string): GuardedRoute {
  return route({
    method: 'GET',
    path: `/ng/:org/events${path}`,
    access: { people: ALL_ROLES },
    description: {
      summary: `List what happened last to ${of}`,
      isOurs: false,
      answer: 'ActivityResponse',
      query: { limit: 'How many at most' },
    },
    async answer(call: Call) {
      const query = createQueryReader(call.query)
      const limit = query.required('limit', query.wholeNumber('limit'))
      const refused = query.refusal()
      if (refused !== undefined) return refused
      const happenings = (await Promise.all(kinds.map((kind) => SOURCES[kind](call)))).flat()
      const newest = happenings
        .sort((one, other) => other.at.getTime() - one.at.getTime())
        .slice(0, limit)
      return done({
        activities: newest.map(({ at, type, sentence }) => ({
          timestamp: at.getTime(),
          typeId: type,
          description: { text: sentence, formattedText: sentence, formattedTextVariables: {} },
        })),
      })
    },
  })
}

export const EVENT_ROUTES: readonly GuardedRoute[] = [
  listEvents('', ['application', 'server', 'trace'], 'applications, servers and vulnerabilities'),
  listEvents('/application', ['application'], 'applications'),
  listEvents('/server', ['server'], 'servers'),
  listEvents('/trace', ['trace'], 'vulnerabilities'),
]
