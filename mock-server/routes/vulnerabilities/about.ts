import { refusal } from '../../core/answer.ts'
import type { Answer } from '../../core/exchange.ts'
import { type Rule, ruleOf } from '../../inventory/rules.ts'
import type { VulnerabilityRecord } from '../../inventory/vulnerability.ts'
import { done } from '../done.ts'
import { notFound } from '../listing/not-found.ts'
import { ALL_ROLES, type Call, type GuardedRoute, route } from '../route.ts'
import { eventDetails, eventResource, eventsOf } from './events.ts'
import { evidenceOf, findingOf } from './finding.ts'
import { requestOf, requestResource, requestText } from './http-request.ts'
import { isVisible } from './resource.ts'
import { ORGANIZATION_SCOPE, withVulnerability } from './scope.ts'

/** What is told of one vulnerability, wherever it is. */
function tell(
  path: string,
  summary: string,
  answer: string,
  work: (record: VulnerabilityRecord, call: Call) => Answer,
): GuardedRoute {
  return route({
    method: 'GET',
    path: `/ng/:org/traces/:trace/${path}`,
    access: { people: ALL_ROLES },
    description: { summary, isOurs: false, answer },
    answer: (call) =>
      withVulnerability(call, ORGANIZATION_SCOPE, (record, { applications }) => {
        // As documented: details need a license.
        if (!isVisible(applications.get(record.application))) {
          return refusal('role-refused', { detail: 'application-unlicensed' })
        }
        return work(record, call)
      }),
  })
}

const showStory = tell(
  'story',
  'Tell how a vulnerability shows, and what can come of it',
  'TraceStoryResponse',
  (record) => {
    const finding = findingOf(record)
    const { risk } = ruleOf(record.rule)
    const evidence = evidenceOf(finding)
    const request = requestText(finding)
    const chapters = [
      ...(request === undefined
        ? []
        : [chapter('source', 'We saw this request come in:', request)]),
      ...(evidence === '' ? [] : [chapter('location', 'We saw this:', evidence)]),
      chapter('recreation', 'It is a weakness of this kind:', record.title),
    ]
    return done({
      story: { traceId: record.uuid, chapters, risk: snippet(risk) },
      custom_risk: snippet(''),
    })
  },
)

const showRecommendation = tell(
  'recommendation',
  'Tell what to do about a vulnerability',
  'TraceRecommendationResponse',
  ({ rule: name }) => {
    const rule = ruleOf(name)
    return done({
      recommendation: snippet(rule.remedy),
      custom_recommendation: snippet(''),
      rule_references: snippet(
        [cweUrl(rule), owaspUrl(rule)].filter((url) => url !== '').join('\n'),
      ),
      custom_rule_references: snippet(''),
      cwe: cweUrl(rule),
      owasp: owaspUrl(rule),
    })
  },
)

const listEvents = tell(
  'events/summary',
  'List the events of a vulnerability',
  'TraceEventsSummaryResponse',
  (record) => {
    const finding = findingOf(record)
    return done({
      events: eventsOf(finding).map(eventResource),
      evidence: evidenceOf(finding),
      showEvents: true,
      showEvidence: finding.evidence !== undefined,
    })
  },
)

const showEvent = tell(
  'events/:event/details',
  'Show an event of a vulnerability',
  'TraceEventDetailsResponse',
  (record, { parameters }) => {
    const event = eventsOf(findingOf(record)).find(
      ({ eventId }) => String(eventId) === parameters.event,
    )
    return event === undefined ? notFound('event') : done({ event: eventDetails(event) })
  },
)

const showRequest = tell(
  'httprequest',
  'Show the HTTP request that showed a vulnerability',
  'TraceHttpRequestResponse',
  (record) => {
    const text = requestText(findingOf(record))
    if (text === undefined) {
      return done({ http_request: null, reason: 'No HTTP request was reported with it.' })
    }
    return done({ http_request: snippet(text), reason: '' })
  },
)

const showRequestParts = tell(
  'httprequest/details',
  'Show the parts of the HTTP request that showed a vulnerability',
  'TraceHttpRequestDetailsResponse',
  (record) => {
    const request = requestOf(findingOf(record))
    return done({ http_request: request === undefined ? null : requestResource(request) })
  },
)

const showApis = tell(
  'apis',
  'List the calls of an API that a vulnerability is in: none is modelled',
  'NgTraceApisResponse',
  () => done({ apis: [] }),
)

export const ABOUT_ROUTES: readonly GuardedRoute[] = [
  showStory,
  showRecommendation,
  listEvents,
  showEvent,
  showRequest,
  showRequestParts,
  showApis,
]

/** A text as the documentation has it: plain, and with marks for what stands out, of which we set none. */
function snippet(text: string) {
  return { text, formattedText: text, formattedTextVariables: {} }
}

function chapter(type: string, introText: string, body: string) {
  return {
    type,
    introText,
    introTextFormat: introText,
    introTextVariables: {},
    body,
    bodyFormat: body,
    bodyFormatVariables: {},
  }
}

export function cweUrl({ cwe }: Rule): string {
  return cwe === 0 ? '' : `https://cwe.mitre.org/data/definitions/${cwe}.html`
}

export function owaspUrl({ owasp }: Rule): string {
  return owasp === '' ? '' : `https://owasp.org/Top10/${owasp.replace(':', '_')}`
}
