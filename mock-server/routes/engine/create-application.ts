import type { CreateApplicationAnswer } from '../../../sdk/wire/messages.ts'
import { ENGINE_METHODS } from '../../../sdk/wire/paths.ts'
import { json, refusal } from '../../core/answer.ts'
import { newUuid } from '../../flat-text.ts'
import { CreateApplicationRequest } from '../../messages/validators.generated.js'
import { routeWithBody } from '../route.ts'
import { describeApplication, describeServer, serverIdentity } from './applications.ts'

/** Makes an application known, with the server it runs on. */
export const createApplication = (path: string, isOurs: boolean) =>
  routeWithBody({
    method: ENGINE_METHODS.createApplication,
    path,
    access: 'agents',
    description: {
      summary: 'Make an application known, with the server it runs on',
      isOurs,
      request: 'CreateApplicationRequest',
      answer: 'CreateApplicationAnswer',
      answerStatus: [200, 201],
    },
    validator: CreateApplicationRequest,
    async answer({ message, organization, store, now }) {
      const before = await store.application(organization.id, message.name)
      const application = await store.changeApplication(organization.id, message.name, (current) =>
        describeApplication(current, message, newUuid(), now),
      )
      if (application.isArchived) return refusal('application-archived')
      const { server } = message
      if (server !== undefined) {
        await store.changeServer(organization.id, serverIdentity(server), (current, nextId) =>
          describeServer(current, server, application.id, nextId, now),
        )
      }
      const answer: CreateApplicationAnswer = {
        success: true,
        messages: [],
        application: { app_id: application.id, name: application.name },
      }
      return json(before === undefined ? 201 : 200, answer)
    },
  })
