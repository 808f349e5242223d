import type { HeartbeatAnswer } from '../../../sdk/wire/messages.ts'
import { ENGINE_METHODS } from '../../../sdk/wire/paths.ts'
import { json, refusal } from '../../core/answer.ts'
import { HeartbeatRequest } from '../../messages/validators.generated.js'
import { routeWithBody } from '../route.ts'
import { ENGINE_SETTINGS } from './settings.ts'

/** Takes a sign of life. It stores nothing, but for when the session's application was last seen. */
export const heartbeat = (path: string) =>
  routeWithBody({
    method: ENGINE_METHODS.heartbeat,
    path,
    access: 'agents',
    description: {
      summary: 'Give a sign of life',
      isOurs: true,
      request: 'HeartbeatRequest',
      answer: 'HeartbeatAnswer',
      answerStatus: 200,
    },
    validator: HeartbeatRequest,
    async answer({ message, organization, store, now }) {
      const session =
        message.session === undefined
          ? undefined
          : await store.session(organization.id, message.session)
      const application =
        session === undefined
          ? undefined
          : await store.application(organization.id, session.application)
      if (application?.isArchived === true) return refusal('application-archived')
      if (application !== undefined) {
        await store.changeApplication(organization.id, application.name, (before) => ({
          ...(before ?? application),
          lastSeenAt: now,
        }))
      }
      const answer: HeartbeatAnswer = { success: true, messages: [], settings: ENGINE_SETTINGS }
      return json(200, answer)
    },
  })
