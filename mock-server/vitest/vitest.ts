import { expect as baseExpect, test as baseTest } from 'vitest'
import type { Organization } from '../organization/organization.ts'
import { createTeamServer, type TeamServer } from '../team-server/team-server.ts'
import { matchers, type TeamServerMatchers } from './matchers.ts'

export type { TeamServerMatchers } from './matchers.ts'

declare global {
  namespace Chai {
    // What vitest 4 and 5 both make their assertions of. Their own interface for this, `Matchers`, has other type
    // parameters in each, and every declaration of it has to be the same.
    interface Assertion extends TeamServerMatchers<void> {}
  }
}

/** What a test may ask for by name. */
export interface TeamServerFixtures {
  /** A mock TeamServer in this process, without a port: one for each file. */
  readonly teamServer: TeamServer
  /** An organization of the test's own, named after it: nothing crosses from one test to another. */
  readonly organization: Organization
}

/**
 * vitest's `test` with a TeamServer: `test('…', async ({ organization, teamServer }) => { … })`. What a
 * test does not ask for is not made.
 */
export const test = baseTest.extend<TeamServerFixtures>({
  teamServer: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of fixtures from the pattern
    async ({}, use) => {
      const teamServer = createTeamServer()
      await use(teamServer)
      await teamServer.close()
    },
    { scope: 'file' },
  ],
  organization: async ({ teamServer, task }, use) => {
    await use(await teamServer.createOrganization({ name: task.name.slice(0, LONGEST_NAME) }))
  },
})

const LONGEST_NAME = 128

/** vitest's `expect`, with `toHaveStored`, `toHaveRefused` and `toAddUp` for organizations. */
export const expect: typeof baseExpect = baseExpect
expect.extend(matchers)
