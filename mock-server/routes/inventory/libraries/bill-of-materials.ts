import { json } from '../../../core/answer.ts'
import { notFound } from '../../listing/not-found.ts'
import { ALL_ROLES, type GuardedRoute, route } from '../../route.ts'
import { cycloneDx } from './cyclonedx.ts'
import { APPLICATION, aboutLibraries, type LibraryScope, SERVER } from './library-scope.ts'
import { spdx } from './spdx.ts'

/** The formats by their word in the path. */
const FORMATS = {
  cyclonedx: cycloneDx,
  spdx,
} as const

/** Answers with a bill of materials. */
const billAt = ({ path, of }: LibraryScope) =>
  route({
    method: 'GET',
    path: `${path}/sbom/:type`,
    access: { people: ALL_ROLES },
    description: {
      summary: `The libraries of ${of} as a bill of materials: cyclonedx (1.5) or spdx (2.3), in JSON`,
      isOurs: false,
      answerType: 'application/json',
    },
    answer: (call) =>
      aboutLibraries(call, call.query, ({ libraries, applications, title, scene }) => {
        const word = (call.parameters.type ?? '').toLowerCase()
        if (!Object.hasOwn(FORMATS, word)) return notFound('format')
        // The words are those of the table.
        const make = FORMATS[word as keyof typeof FORMATS]
        const { version } = applications[0] ?? {}
        const isApplication = scene.application !== undefined
        const document = make({
          subject: {
            id: scene.application?.id ?? `server-${call.parameters.server ?? ''}`,
            name: title,
            ...(isApplication && version !== undefined ? { version } : {}),
          },
          isApplication,
          libraries,
          at: call.now,
        })
        return json(200, document, {
          'content-disposition': `attachment; filename="sbom-${word}.json"`,
        })
      }),
  })

export const BILLS: readonly GuardedRoute[] = [APPLICATION, SERVER].map(billAt)
