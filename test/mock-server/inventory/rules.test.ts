import { expect, test } from 'vitest'
import { libraryScore } from '../../../mock-server/inventory/library.ts'
import { isApplicationOnline, isServerOnline } from '../../../mock-server/inventory/presence.ts'
import { scoresOf } from '../../../mock-server/inventory/scores.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000)

test.each([
  [0, true],
  [14.99, true],
  [15, false],
])('an application that was seen %d minutes ago is online: %j', (minutes, isOnline) => {
  expect(isApplicationOnline({ lastSeenAt: ago(minutes) }, NOW)).toBe(isOnline)
})

test.each([
  [49.99, 100, true],
  [50, 100, false],
  [100, 49.99, true],
  [100, 50, false],
])(
  'a server seen %d minutes ago with an application seen %d minutes ago is online: %j',
  (server, application, isOnline) => {
    const applications = [
      { id: 'a', lastSeenAt: ago(application) },
      { id: 'of another server', lastSeenAt: NOW },
    ]
    const applicationIds = new Set(['a'])
    expect(isServerOnline({ lastSeenAt: ago(server), applicationIds }, applications, NOW)).toBe(
      isOnline,
    )
  },
)

test.each([
  [{}, [], 100, 100, 100, 'A'],
  [{ critical: 1 }, [], 80, 100, 90, 'A'],
  [{ critical: 1, high: 2, medium: 2, low: 3, note: 9 }, [], 47, 100, 74, 'C'],
  [{ critical: 6 }, [100, 50], 0, 75, 38, 'F'],
] as const)(
  '%j and libraries of %j score %i, %i, %i: %s',
  (open, libraries, security, platform, overall, letter) => {
    const scores = scoresOf(new Map(Object.entries(open)), libraries)
    expect([scores.security.grade, scores.platform.grade, scores.overall.grade]).toEqual([
      security,
      platform,
      overall,
    ])
    expect(scores.overall.letter).toBe(letter)
  },
)

test('a library loses 25 for each published weakness and 1 for each month, down to 0', () => {
  const weakness = { name: 'CVE-1', description: '', severity: 'high' } as const
  expect(libraryScore({ weaknesses: [], monthsOutdated: 7 })).toBe(93)
  expect(libraryScore({ weaknesses: [weakness], monthsOutdated: 5 })).toBe(70)
  expect(libraryScore({ weaknesses: Array(5).fill(weakness), monthsOutdated: 0 })).toBe(0)
})
