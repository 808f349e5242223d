import { json, refusal } from '../../core/answer.ts'
import { MOCK_VERSION } from '../../version.ts'
import { personRoute, type Route } from '../route.ts'

const BASE = '/Contrast/s'

/** Tells the version of this TeamServer, as a JSON text. */
const showVersion = personRoute({
  method: 'GET',
  base: BASE,
  path: '/api/version',
  access: 'every-person',
  description: { summary: 'The version of this TeamServer', isOurs: false },
  answer: async () => json(200, MOCK_VERSION),
})

/** The languages that may ask; of these engines only one comes from here. */
const LANGUAGES = ['java', 'dotnet', 'node', 'ruby']

/** Tells whether there is a newer engine than the caller's, as a JSON text. */
const showNewer = personRoute({
  method: 'GET',
  base: BASE,
  path: '/api/:agentLanguage/newer/:myVersion',
  access: 'every-person',
  description: {
    summary: 'Whether there is a newer engine: "true" or "false", by three numbers',
    isOurs: false,
  },
  async answer({ parameters: { agentLanguage = '', myVersion = '' } }) {
    const language = agentLanguage.toLowerCase()
    if (!LANGUAGES.includes(language)) return refusal('not-available')
    return json(200, String(language === 'node' && isOlder(myVersion, MOCK_VERSION)))
  },
})

/** What stands in front of the API, and tells what this is. */
export const ABOUT_ROUTES: readonly Route[] = [showVersion, showNewer]

/** Compares number by number; what is no number counts as none. */
export function isOlder(one: string, other: string): boolean {
  const [own, theirs] = [one, other].map((version) =>
    version.split(/[.+-]/).slice(0, 3).map(Number),
  )
  for (const at of [0, 1, 2]) {
    const [mine, newest] = [own?.[at] || 0, theirs?.[at] || 0]
    if (mine !== newest) return mine < newest
  }
  return false
}
