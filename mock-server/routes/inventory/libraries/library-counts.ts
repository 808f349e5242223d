import { type LibraryRecord, libraryScore } from '../../../inventory/library.ts'
import { LETTERS, score } from '../../../inventory/scores.ts'
import { done } from '../../done.ts'
import { ALL_ROLES, type GuardedRoute, route } from '../../route.ts'
import { aboutLibraries, type LibrariesFound, SCOPES, SERVER } from './library-scope.ts'

/** A count at the end of each scope's path. */
interface LibraryCount {
  readonly end: string
  readonly what: string
  readonly answer: string
  readonly count: (found: LibrariesFound) => Readonly<Record<string, unknown>>
}

const STATS: LibraryCount = {
  end: '/stats',
  what: 'Count the libraries',
  answer: 'LibrariesStatsResponse',
  count: ({ libraries }) => ({
    stats: {
      total: libraries.length,
      vulnerables: libraries.filter(isWeak).length,
      stale: libraries.filter(({ monthsOutdated }) => monthsOutdated > 0).length,
      unknown: 0,
      totalVulnerabilities: libraries.reduce((sum, { weaknesses }) => sum + weaknesses.length, 0),
      num_third_party_library: libraries.length,
      num_custom_library: 0,
      // Nobody counts lines here.
      custom_loc: 0,
      custom_loc_shorthand: '0',
      library_loc: 0,
      library_loc_shorthand: '0',
      total_library_loc: 0,
      total_library_loc_shorthand: '0',
    },
  }),
}

const OUT_OF_DATE: LibraryCount = {
  end: '/breakdown/outofdate',
  what: 'Count the libraries by months out of date,',
  answer: 'LibrariesOutOfDateBreakdownResponse',
  count: ({ libraries }) => ({
    breakdown: [...counted(libraries.map(({ monthsOutdated }) => monthsOutdated))]
      .sort(([one], [other]) => one - other)
      .map(([months_outdated, count]) => ({ months_outdated, count })),
  }),
}

const SCORES: LibraryCount = {
  end: '/breakdown/scores',
  what: 'Count the libraries by grade,',
  answer: 'LibrariesScoreBreakdownResponse',
  count: ({ libraries }) => {
    const counts = counted(libraries.map((each) => score(libraryScore(each)).letter))
    return { breakdown: LETTERS.map((grade) => ({ grade, count: counts.get(grade) ?? 0 })) }
  },
}

const ON_SERVER: LibraryCount = {
  end: '/breakdown',
  what: 'Count the libraries and the weak ones,',
  answer: 'ServerLibraryBreakdownResponse',
  count: ({ libraries }) => ({
    total: libraries.length,
    vulnerable: libraries.filter(isWeak).length,
  }),
}

const countAt = (path: string, of: string, { end, what, answer, count }: LibraryCount) =>
  route({
    method: 'GET',
    path: `${path}${end}`,
    access: { people: ALL_ROLES },
    description: { summary: `${what} of ${of}`, isOurs: false, answer },
    answer: (call) => aboutLibraries(call, call.query, (found) => done(count(found))),
  })

export const COUNTS: readonly GuardedRoute[] = [
  ...SCOPES.flatMap(({ path, of }) =>
    [STATS, OUT_OF_DATE, SCORES].map((each) => countAt(path, of, each)),
  ),
  countAt(SERVER.path, SERVER.of, ON_SERVER),
]

function isWeak({ weaknesses }: LibraryRecord): boolean {
  return weaknesses.length > 0
}

function counted<Value>(values: readonly Value[]): ReadonlyMap<Value, number> {
  const counts = new Map<Value, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}
