import type { HoldCause } from '../transport/classify.ts'

export interface HoldSurroundings {
  readonly url: string
  readonly application: string
  /** What was answered, such as `401 api-key-wrong`. */
  readonly why: string
  /** Where a setting came from, for people. */
  originOf(setting: 'url' | 'agentUserName' | 'serviceKey' | 'organizationApiKey'): string
  readonly hasApiKey: boolean
}

/** What a person reads when the engine holds: which layer refused, whose value it was, and the way out. */
export function holdMessage(cause: HoldCause, surroundings: HoldSurroundings): string {
  const { url, why } = surroundings
  return `TeamServer at ${url}: ${EXPLAIN[cause](surroundings)} (${why}).`
}

const EXPLAIN: Record<HoldCause, (surroundings: HoldSurroundings) => string> = {
  'no-credentials': () =>
    'there are no credentials yet. The function credentials is asked for them every 30 s; updateCredentials() sets them too',
  credentials: (s) =>
    `layer one refused the generated credentials. ${credentialsOrigin(s)}; correct them there, or call updateCredentials()`,
  'api-key': (s) =>
    s.hasApiKey
      ? `the generated credentials were right, but layer two refused the organization API key. It comes from ${s.originOf('organizationApiKey')}; correct it there, or call updateCredentials()`
      : `the generated credentials were right, but layer two wants the organization API key and this engine has none. ${GIVE_API_KEY}`,
  unauthorized: (s) =>
    `the keys were refused, without a word which. ${credentialsOrigin(s)}; ${
      s.hasApiKey
        ? `organizationApiKey from ${s.originOf('organizationApiKey')}`
        : `there is no organization API key. ${GIVE_API_KEY}`
    }`,
  address: () =>
    'the keys were right, but requests from this address are refused. Ask an administrator to add it to the address ranges of the organization',
  organization: (s) =>
    `the agent user name belongs to another organization. It comes from ${s.originOf('agentUserName')}; correct it there, or call updateCredentials()`,
  role: (s) =>
    `this user may not report: it is not an agent. agentUserName comes from ${s.originOf('agentUserName')}; correct it there, or call updateCredentials()`,
  forbidden: (s) =>
    `the request was forbidden, without a word why. Ask whoever runs what answers there; url comes from ${s.originOf('url')}`,
  path: (s) =>
    `nobody answers under this address. url comes from ${s.originOf('url')}; correct it there`,
  proxy: (s) =>
    `a proxy on the way wants credentials of its own. Give proxy.user and proxy.password (api.proxy.user and api.proxy.pass), or let requests to ${new URL(s.url).host} pass without them`,
  archived: (s) => `the application "${s.application}" is archived. Unarchive it there`,
  'not-teamserver': (s) =>
    `somebody answers who is not TeamServer, such as a proxy or a sign-in page. url comes from ${s.originOf('url')}; correct it there`,
}

const GIVE_API_KEY =
  'Set the option organizationApiKey, the variable CONTRAST__API__API_KEY or the YAML key api.api_key, or call updateCredentials()'

function credentialsOrigin({ originOf }: HoldSurroundings): string {
  return `agentUserName comes from ${originOf('agentUserName')}, serviceKey from ${originOf('serviceKey')}`
}
