import type { Answer } from '../../../core/exchange.ts'
import type { ApplicationRecord, SessionRecord } from '../../../store/records.ts'
import { done } from '../../done.ts'
import { findApplication } from '../../listing/find-application.ts'
import { notFound } from '../../listing/not-found.ts'
import { createQueryReader, type QueryReader } from '../../listing/query.ts'
import { ALL_ROLES, type GuardedRoute, route } from '../../route.ts'
import { byQueryOrBody } from '../../vulnerabilities/by-query-or-body.ts'
import { readFilter } from '../../vulnerabilities/read-filter.ts'
import type { VulnerabilityCall } from '../../vulnerabilities/scope.ts'
import { surroundingsOf } from '../../vulnerabilities/surroundings.ts'
import { displayLabel } from './session-resource.ts'
import { aboutSessions } from './sessions.ts'

/** Lists the metadata that sessions of an application had, with their values. */
const LIST_METADATA = byQueryOrBody({
  path: '/ng/:org/metadata/session/:app/filters',
  description: {
    summary:
      'List the metadata of the sessions of an application, with their values; with a filter, of the sessions in which vulnerabilities were seen that it finds',
    isOurs: false,
    answer: 'MetadataFilterResponse',
  },
  async answer(call, parameters) {
    const application = await findApplication(call)
    if (application === undefined) return notFound('application')
    const query = createQueryReader(parameters)
    const wanted = await sessionsAskedFor(query, call, application)
    const refused = query.refusal()
    if (refused !== undefined) return refused
    return aboutSessions(call, (sessions) => listed(sessions.filter(wanted)))
  },
})

/** Lists the fields that the metadata of an application's sessions has. */
const listFields = route({
  method: 'GET',
  path: '/ng/:org/applications/:app/session-metadata/fields',
  access: { people: ALL_ROLES },
  description: {
    summary: 'List the fields of the metadata of the sessions of an application',
    isOurs: false,
    answer: 'MetadataFieldBreakdownResponse',
  },
  answer: (call) =>
    aboutSessions(call, (sessions) =>
      done({
        fields: [...valuesByLabel(sessions)].map(([agentLabel, values], index) => ({
          fieldId: index + 1,
          agentLabel,
          displayLabel: displayLabel(agentLabel),
          fieldType: 'STRING',
          count: values.size,
          required: false,
          unique: false,
          subfields: [],
        })),
      }),
    ),
})

export const SESSION_METADATA_ROUTES: readonly GuardedRoute[] = [...LIST_METADATA, listFields]

/**
 * Which sessions a filter of vulnerabilities leaves: all, as long as it asks for nothing but the application
 * itself, so that a session that found nothing is listed too.
 */
async function sessionsAskedFor(
  query: QueryReader,
  call: VulnerabilityCall,
  { name }: ApplicationRecord,
): Promise<(session: SessionRecord) => boolean> {
  const filter = await readFilter(query, call, await surroundingsOf(call), new Set([name]))
  const { applications, sessions, ...more } = filter
  if (applications?.has(name) === false) return () => false
  if (Object.keys(more).length === 0) return ({ id }) => sessions?.has(id) !== false
  const { store, organization } = call
  const tallies = await store.tallyVulnerabilities(organization.id, filter, ['session'])
  const seen = new Set(tallies.flatMap(({ values }) => values))
  return ({ id }) => seen.has(id) && sessions?.has(id) !== false
}

/** How many sessions had each value of each label, both in the order of the alphabet. */
function valuesByLabel(
  sessions: readonly SessionRecord[],
): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const labels = new Map<string, Map<string, number>>()
  for (const { metadata } of sessions) {
    for (const [label, value] of Object.entries(metadata)) {
      const values = labels.get(label) ?? new Map<string, number>()
      values.set(value, (values.get(value) ?? 0) + 1)
      labels.set(label, values)
    }
  }
  return new Map(
    [...labels].sort(byName).map(([label, values]) => [label, new Map([...values].sort(byName))]),
  )
}

function listed(sessions: readonly SessionRecord[]): Answer {
  return done({
    filters: [...valuesByLabel(sessions)].map(([agentLabel, values]) => ({
      id: agentLabel,
      label: displayLabel(agentLabel),
      agentLabel,
      fieldType: 'STRING',
      values: [...values].map(([value, count]) => ({ value, count, subfieldValues: [] })),
    })),
  })
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}
