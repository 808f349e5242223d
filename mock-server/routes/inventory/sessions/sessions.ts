import type { Answer } from '../../../core/exchange.ts'
import type { ApplicationRecord, SessionRecord } from '../../../store/records.ts'
import { done } from '../../done.ts'
import { findApplication } from '../../listing/find-application.ts'
import { notFound } from '../../listing/not-found.ts'
import { createQueryReader, pageOf } from '../../listing/query.ts'
import { ALL_ROLES, type Call, route, routeWithBody } from '../../route.ts'
import { SbavRequest, SessionFilterRequest } from '../validators.generated.js'
import { hasMetadata, sessionResource } from './session-resource.ts'

const ORGANIZATION = '/ng/organizations/:org'
const SESSIONS = `${ORGANIZATION}/applications/:app/agent-sessions`

/** Counts the sessions of an application. */
export const countSessions = route({
  method: 'GET',
  path: SESSIONS,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Count the sessions of an application',
    isOurs: false,
    answer: 'ApplicationCustomAgentSessionsTotalResponse',
  },
  answer: (call) => aboutSessions(call, (sessions) => done({ customTotal: sessions.length })),
})

/** Shows the session of an application that began last. */
export const showLatestSession = route({
  method: 'GET',
  path: `${SESSIONS}/latest`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Show the session of an application that began last',
    isOurs: false,
    answer: 'ApplicationLatestAgentSessionResponse',
  },
  answer: (call) => aboutSessions(call, ([latest]) => shown(latest)),
})

/** Shows one session. */
export const showSession = route({
  method: 'GET',
  path: `${SESSIONS}/:session`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Show a session of an application',
    isOurs: false,
    answer: 'ApplicationSessionResponse',
  },
  answer: (call) =>
    aboutSessions(call, (sessions) =>
      shown(sessions.find(({ id }) => id === call.parameters.session)),
    ),
})

/** Lists the sessions of an application that have some metadata, newest first. */
export const listSessions = routeWithBody({
  method: 'POST',
  path: `${SESSIONS}/filter`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'List the sessions of an application that have some metadata, newest first',
    isOurs: false,
    request: 'SessionFilterRequest',
    answer: 'AgentSessionsResponse',
    query: {
      limit: 'How many at most; all without it',
      offset: 'How many to leave out at the start',
    },
  },
  isBodyOptional: true,
  validator: SessionFilterRequest,
  answer: (call) =>
    aboutSessions(call, (sessions) => {
      const reader = createQueryReader(call.query)
      const page = reader.page()
      const found = sessions.filter((each) => hasMetadata(each, call.message.metadata ?? []))
      return (
        reader.refusal() ??
        done({ agentSessions: pageOf(found, page).map(sessionResource), total: found.length })
      )
    }),
})

/** Closes a session: what a build calls when its tests have ended. */
export const closeSession = routeWithBody({
  method: 'POST',
  path: `${ORGANIZATION}/agent-sessions/sbav`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Close a session, by its id or its metadata',
    isOurs: false,
    request: 'SbavRequest',
    answer: 'SbavRouteSessionResponse',
  },
  validator: SbavRequest,
  async answer(call) {
    const { organization, store, message, now } = call
    const application = await applicationMeant(call)
    if (application === undefined) return notFound('application')
    const sessions = await sessionsOf(call, application)
    const session = sessions.find(({ id, ...rest }) =>
      typeof message.sessionId === 'string'
        ? id === message.sessionId
        : hasMetadata({ id, ...rest }, message.metadata ?? []),
    )
    if (session === undefined) return notFound('session')
    await store.addSession(organization.id, { closedAt: now, ...session })
    return done({ agentSession: { appId: application.id, sessionId: session.id } })
  },
})

async function applicationMeant({
  organization,
  store,
  message: { appId, appName, appLanguage },
}: Pick<
  Call<{ appId?: string | null; appName?: string | null; appLanguage?: string | null }>,
  'organization' | 'store' | 'message'
>): Promise<ApplicationRecord | undefined> {
  if (typeof appId === 'string') return store.applicationById(organization.id, appId.toLowerCase())
  if (typeof appName !== 'string') return undefined
  const found = await store.application(organization.id, appName)
  const isOther =
    typeof appLanguage === 'string' && found?.language.toLowerCase() !== appLanguage.toLowerCase()
  return isOther ? undefined : found
}

/** Answers about the sessions of the application that the path names, newest first. */
export async function aboutSessions(
  call: Pick<Call, 'organization' | 'parameters' | 'store'>,
  answer: (sessions: readonly SessionRecord[]) => Answer,
): Promise<Answer> {
  const application = await findApplication(call)
  if (application === undefined) return notFound('application')
  return answer(await sessionsOf(call, application))
}

async function sessionsOf(
  { organization, store }: Pick<Call, 'organization' | 'store'>,
  { name }: ApplicationRecord,
): Promise<readonly SessionRecord[]> {
  const sessions = await store.sessions(organization.id)
  return sessions
    .filter(({ application }) => application === name)
    .reverse()
    .sort((one, other) => other.createdAt.getTime() - one.createdAt.getTime())
}

function shown(session: SessionRecord | undefined): Answer {
  return session === undefined
    ? notFound('session')
    : done({ agentSession: sessionResource(session) })
}
