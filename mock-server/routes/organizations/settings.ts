import { done } from '../done.ts'
import { ENVIRONMENTS } from '../inventory/servers/server-filter.ts'
import { notFound } from '../listing/not-found.ts'
import { ALL_ROLES, EDIT_AND_UP, route } from '../route.ts'

const SETTINGS = '/ng/:org/server/settings'

/** What engines are told to do: here nobody can change it. */
function serverSettings(environment: string) {
  return {
    environment,
    default_environment: 'DEVELOPMENT',
    assess: true,
    defend: false,
    bot_protection: false,
    auto_license_protection: false,
    log_level: 'INFO',
    retain_library_data: true,
    sampling: false,
    sampling_baseline: 0,
    sampling_frequency: 0,
    sampling_window: 0,
    server_cleanup_enhanced: false,
    stacktrace_capture_mode: 'ALL',
    syslog_enabled: false,
    telemetry_enabled: false,
  }
}

/** Shows what servers are told to do. */
export const showServerSettings = route({
  method: 'GET',
  path: SETTINGS,
  access: { people: EDIT_AND_UP },
  description: {
    summary: 'Show what servers are told to do',
    isOurs: false,
    answer: 'ServerSettingsResponse',
  },
  answer: async () => done({ settings: serverSettings('DEVELOPMENT') }),
})

/** Shows what servers of one environment are told to do. */
export const showSettingsOfEnvironment = route({
  method: 'GET',
  path: `${SETTINGS}/:environment`,
  access: { people: EDIT_AND_UP },
  description: {
    summary: 'Show what servers of an environment are told to do',
    isOurs: false,
    answer: 'ServerSettingsResponse',
  },
  async answer({ parameters }) {
    const word = (parameters.environment ?? '').toUpperCase()
    const found = ENVIRONMENTS.find((each) => each === word)
    return found === undefined ? notFound('environment') : done({ settings: serverSettings(found) })
  },
})

/** Shows where engines report to. */
export const showGeneralSettings = route({
  method: 'GET',
  path: '/ng/:org/organizations/general/settings',
  access: { people: EDIT_AND_UP },
  description: {
    summary: 'Show where engines report to',
    isOurs: false,
    answer: 'GeneralSettingsResponse',
  },
  answer: async ({ address }) =>
    done({
      agentUrl: address(),
      isEOP: true,
      aimlServiceEnabled: false,
      diagnosticsCollectionEnabled: false,
      restrictedEditRoleEnabled: false,
    }),
})

/** Lists the languages of applications. */
export const listLanguages = route({
  method: 'GET',
  path: '/ng/:org/languages',
  access: { people: ALL_ROLES },
  description: {
    summary: 'List the languages of the applications',
    isOurs: false,
    answer: 'LanguagesResponse',
  },
  async answer({ organization, store }) {
    const applications = await store.applications(organization.id)
    const languages = [...new Set(applications.map(({ language }) => language))].sort()
    return done({
      languages,
      agentLanguages: languages.map((each) => ({
        key: each.toUpperCase(),
        value: each,
        display: each,
      })),
    })
  },
})

/** Lists alerts: there is no call that would make one. */
const alertsAt = (path: string, answer: string, access: typeof ALL_ROLES) =>
  route({
    method: 'GET',
    path,
    access: { people: access },
    description: { summary: 'List alerts: there are none', isOurs: false, answer },
    answer: async () => done({ alerts: [] }),
  })

export const ALERTS = [
  alertsAt('/ng/:org/alerts', 'AlertsResponse', EDIT_AND_UP),
  ...['', '/attacks', '/vulnerabilities'].map((end) =>
    alertsAt(`/ng/:org/users/alerts/custom${end}`, 'OrganizationAlertsResponse', ALL_ROLES),
  ),
]
