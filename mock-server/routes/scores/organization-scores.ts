import { average, type Score, score } from '../../inventory/scores.ts'
import type { OrganizationRecord } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import { scoreResource, statsByApplication } from '../applications/application-stats.ts'
import { done } from '../done.ts'
import { ALL_ROLES, type Call, type GuardedRoute, route } from '../route.ts'

const EVERYONE = { people: ALL_ROLES }

/** The scores of an organization: the average of those of its applications. */
async function scoresIn(store: Store, organization: OrganizationRecord) {
  const stats = await statsByApplication(store, organization)
  const all = (await store.applications(organization.id))
    .filter(({ isArchived }) => !isArchived)
    .map(({ name }) => stats(name).scores)
  const security = score(average(all.map((each) => each.security.grade)))
  const platform = score(average(all.map((each) => each.platform.grade)))
  const overall = score(average(all.map((each) => each.overall.grade)))
  return { security, platform, overall }
}

const showScores = route({
  method: 'GET',
  path: '/ng/:org/scores',
  access: EVERYONE,
  description: {
    summary: 'Show the scores of the organization',
    isOurs: false,
    answer: 'ScoreResponse',
  },
  answer: async ({ store, organization }: Call) =>
    done({ scores: scoreResource(await scoresIn(store, organization)) }),
})

function showOne(path: string, which: 'security' | 'platform', answer: string): GuardedRoute {
  return route({
    method: 'GET',
    path: `/ng/:org/scores/${path}`,
    access: EVERYONE,
    description: {
      summary: `Show the ${which} score of the organization`,
      isOurs: false,
      answer,
    },
    async answer({ store, organization }: Call) {
      const { grade, letter }: Score = (await scoresIn(store, organization))[which]
      return done({ score: { grade, letter_grade: letter } })
    },
  })
}

export const SCORE_ROUTES: readonly GuardedRoute[] = [
  showScores,
  showOne('platform', 'platform', 'ScoreMetricResponse'),
  showOne('platform/defense', 'platform', 'ScoreMetricResponse'),
  showOne('security', 'security', 'SecurityScoreMetricResponse'),
  showOne('security/defense', 'security', 'SecurityScoreMetricResponse'),
]
