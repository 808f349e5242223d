import type { CreateSessionAnswer } from '../../../sdk/wire/messages.ts'
import { ENGINE_METHODS } from '../../../sdk/wire/paths.ts'
import { json, refusal } from '../../core/answer.ts'
import { newUuid } from '../../flat-text.ts'
import { CreateSessionRequest } from '../../messages/validators.generated.js'
import { routeWithBody } from '../route.ts'
import { seeApplication } from './applications.ts'
import { ENGINE_SETTINGS } from './settings.ts'

/** Opens a session: one run of an application whose findings belong together. */
export const createSession = (path: string, isOurs: boolean) =>
  routeWithBody({
    method: ENGINE_METHODS.createSession,
    path,
    access: 'agents',
    description: {
      summary: 'Open a session of an application',
      isOurs,
      request: 'CreateSessionRequest',
      answer: 'CreateSessionAnswer',
      answerStatus: 200,
    },
    validator: CreateSessionRequest,
    async answer({ message, organization, caller, store, now }) {
      const { application: name, metadata = {} } = message
      const application = await seeApplication(store, organization.id, name, newUuid, now)
      if (application.isArchived) return refusal('application-archived')
      const session = {
        id: newUuid(),
        application: application.name,
        agentUserName: caller.record.userName,
        metadata: { ...metadata },
        createdAt: now,
      }
      await store.addSession(organization.id, session)
      const answer: CreateSessionAnswer = {
        success: true,
        messages: [],
        session_id: session.id,
        settings: ENGINE_SETTINGS,
      }
      return json(200, answer)
    },
  })
