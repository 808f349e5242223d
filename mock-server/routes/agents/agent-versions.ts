import { json } from '../../core/answer.ts'
import { MOCK_VERSION } from '../../version.ts'
import { ALL_ROLES, route } from '../route.ts'

/** Lists the engines that can be downloaded here. */
export const agentVersions = route({
  method: 'GET',
  path: '/ng/:org/agents/versions',
  access: { people: ALL_ROLES },
  description: {
    summary: 'The engines that can be downloaded, with their versions',
    isOurs: false,
    answer: 'AgentVersionsAnswer',
  },
  answer: async () =>
    json(200, {
      success: true,
      messages: [],
      // The documentation does not say what an entry holds.
      agents: [{ language: 'Node', version: MOCK_VERSION }],
      availableHostInstallerAgents: [],
    }),
})
