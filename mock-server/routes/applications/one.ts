import { done } from '../done.ts'
import { findApplication } from '../listing/find-application.ts'
import { createLinkMaker } from '../listing/links.ts'
import { notFound } from '../listing/not-found.ts'
import { createQueryReader } from '../listing/query.ts'
import { ALL_ROLES, type Call, type GuardedRoute, route } from '../route.ts'
import { scoreResource, statsByApplication } from './application-stats.ts'
import { applicationResource, EXPANSIONS, licenseResource, lookUp } from './resource.ts'

const EVERYONE = { people: ALL_ROLES }
const APPLICATION = '/ng/:org/applications/:app'

function showAt(path: string, summary: string): GuardedRoute {
  return route({
    method: 'GET',
    path,
    access: EVERYONE,
    description: {
      summary,
      isOurs: false,
      answer: 'ApplicationResponse',
      query: { expand: EXPANSIONS },
    },
    async answer(call: Call) {
      const application = await findApplication(call)
      if (application === undefined) return notFound('application')
      const { organization, store, now, address, query } = call
      const expand = createQueryReader(query).expand()
      const lookups = await lookUp(store, organization, expand)
      const links = createLinkMaker(address, expand)
      return done({
        application: applicationResource(application, {
          organization,
          now,
          expand,
          lookups,
          links,
        }),
      })
    },
  })
}

const showLicense = route({
  method: 'GET',
  path: `${APPLICATION}/license`,
  access: EVERYONE,
  description: {
    summary: 'Show the license of an application',
    isOurs: false,
    answer: 'ApplicationLicenseResponse',
  },
  async answer(call: Call) {
    const application = await findApplication(call)
    if (application === undefined) return notFound('application')
    return done({ license: licenseResource(application) })
  },
})

const showScore = route({
  method: 'GET',
  path: `${APPLICATION}/score`,
  access: EVERYONE,
  description: {
    summary: 'Show the scores of an application',
    isOurs: false,
    answer: 'ScoreResponse',
  },
  async answer(call: Call) {
    const application = await findApplication(call)
    if (application === undefined) return notFound('application')
    const stats = await statsByApplication(call.store, call.organization)
    return done({ scores: scoreResource(stats(application.name).scores) })
  },
})

export const ONE_ROUTES: readonly GuardedRoute[] = [
  showAt(APPLICATION, 'Show an application'),
  showAt(
    '/ng/organizations/:org/applications/:app/basic',
    'Show the most important of an application',
  ),
  showLicense,
  showScore,
]
