import { content, refusal } from '../../core/answer.ts'
import { engineModule, engineTarball } from '../../engine-download/engine-download.ts'
import { MOCK_VERSION } from '../../version.ts'
import { done } from '../done.ts'
import { notFound } from '../listing/not-found.ts'
import { ALL_ROLES, EDIT_AND_UP, type Method, route } from '../route.ts'
import { agentKeyOf, credentialsFor } from './agent-key-of.ts'
import { OUR_PLATFORM } from './platforms.ts'

/** The one set of settings that engines can be downloaded with. */
const PROFILE = 'default'

/**
 * Answers with the engine, pre-fitted with the organization's generated credentials: an npm
 * tarball without dependencies, or one file with `?format=mjs`.
 */
const downloadAt = (method: Method, path: string) =>
  route({
    method,
    path,
    access: { people: EDIT_AND_UP },
    description: {
      summary: 'Download the engine, pre-fitted with generated credentials',
      isOurs: false,
      answerType: 'application/gzip',
      query: {
        key: 'The name of the agent key; `default` without it',
        format: '`mjs` answers one file instead of an npm tarball',
      },
    },
    async answer(call) {
      const { parameters, query, note } = call
      const { profile = PROFILE } = parameters
      if (profile.toLowerCase() !== PROFILE) return notFound('profile')
      if (parameters.platform?.toUpperCase() !== OUR_PLATFORM) {
        const where = `only the ${OUR_PLATFORM} engine can be downloaded from the mock`
        return refusal('not-available', { where })
      }
      const format = query.get('format') || 'tgz'
      if (format !== 'tgz' && format !== 'mjs') {
        return refusal('not-available', { where: 'format is tgz or mjs' })
      }
      const found = await agentKeyOf(call)
      if (found.status === 'unknown') return found.answer

      const credentials = credentialsFor(call, found.agentKey)
      const file = format === 'tgz' ? engineTarball(credentials) : engineModule(credentials)
      const sentence = `downloaded the engine with the agent key ${found.agentKey.name}`
      await note('administration', 'engine-downloaded', sentence)
      const type = format === 'tgz' ? 'application/gzip' : 'text/javascript; charset=utf-8'
      return content(200, type, file, {
        'content-disposition': `attachment; filename="teamserver-engine-${MOCK_VERSION}.${format}"`,
      })
    },
  })

export const downloadEngine = downloadAt('GET', '/ng/:org/agents/default/:platform')

/** With metadata of the application as its body, which changes nothing here. */
export const downloadEngineFor = downloadAt('POST', '/ng/:org/agents/default/:platform')

/** As old clients ask, who list the profiles first. */
export const downloadEngineOfProfile = downloadAt('GET', '/ng/:org/agents/:profile/:platform')

/** Lists the profiles that engines can be downloaded with. */
export const listProfiles = route({
  method: 'GET',
  path: '/ng/:org/agents/profiles',
  access: { people: ALL_ROLES },
  description: {
    summary: 'List the profiles that engines can be downloaded with: one',
    isOurs: false,
    answer: 'AgentProfilesResponse',
  },
  answer: async () => done({ profiles: [PROFILE] }),
})
