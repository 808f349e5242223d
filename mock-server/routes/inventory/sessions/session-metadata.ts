import type { Answer } from '../../../core/exchange.ts'
import type { SessionRecord } from '../../../store/records.ts'
import { done } from '../../done.ts'
import { ALL_ROLES, type Method, route } from '../../route.ts'
import { displayLabel } from './session-resource.ts'
import { aboutSessions } from './sessions.ts'

/** Lists the metadata that sessions of an application had, with their values. */
const listMetadata = (method: Method) =>
  route({
    method,
    path: '/ng/:org/metadata/session/:app/filters',
    access: { people: ALL_ROLES },
    description: {
      summary: 'List the metadata of the sessions of an application, with their values',
      isOurs: false,
      answer: 'MetadataFilterResponse',
    },
    answer: (call) => aboutSessions(call, listed),
  })

export const listSessionMetadata = listMetadata('GET')

/** With a filter of vulnerabilities as its body, which narrows nothing here. */
export const findSessionMetadata = listMetadata('POST')

function listed(sessions: readonly SessionRecord[]): Answer {
  const labels = new Map<string, Map<string, number>>()
  for (const { metadata } of sessions) {
    for (const [label, value] of Object.entries(metadata)) {
      const values = labels.get(label) ?? new Map<string, number>()
      values.set(value, (values.get(value) ?? 0) + 1)
      labels.set(label, values)
    }
  }
  return done({
    filters: [...labels].sort(byName).map(([agentLabel, values]) => ({
      id: agentLabel,
      label: displayLabel(agentLabel),
      agentLabel,
      fieldType: 'STRING',
      values: [...values].sort(byName).map(([value, count]) => ({
        value,
        count,
        subfieldValues: [],
      })),
    })),
  })
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}
