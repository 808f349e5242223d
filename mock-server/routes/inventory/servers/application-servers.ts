import type { Answer } from '../../../core/exchange.ts'
import { serverSeenAt } from '../../../inventory/presence.ts'
import type { ApplicationRecord, ServerRecord } from '../../../store/records.ts'
import { done } from '../../done.ts'
import { findApplication } from '../../listing/find-application.ts'
import { createLinkMaker } from '../../listing/links.ts'
import { notFound } from '../../listing/not-found.ts'
import { createQueryReader, type QueryReader } from '../../listing/query.ts'
import { ALL_ROLES, type Call, route } from '../../route.ts'
import { ENVIRONMENTS } from './server-filter.ts'
import {
  type ServerScene,
  serverName,
  serverProperties,
  serverResource,
} from './server-resource.ts'

const SERVERS = '/ng/:org/applications/:app/servers'

/** What is asked about the servers of the application that the path names. */
interface Found {
  readonly application: ApplicationRecord
  /** In the order in which they came. */
  readonly servers: readonly ServerRecord[]
  readonly scene: ServerScene
  readonly reader: QueryReader
}

function aboutServers(
  path: string,
  summary: string,
  answer: string,
  answerWith: (found: Found) => Answer,
  query: Readonly<Record<string, string>> = {},
) {
  return route({
    method: 'GET',
    path: `${SERVERS}${path}`,
    access: { people: ALL_ROLES },
    description: { summary, isOurs: false, answer, query },
    async answer(call: Call) {
      const { organization, store, now } = call
      const application = await findApplication(call)
      if (application === undefined) return notFound('application')
      const reader = createQueryReader(call.query)
      const expand = reader.expand()
      const all = await store.servers(organization.id)
      return answerWith({
        application,
        servers: all.filter(({ applicationIds }) => applicationIds.has(application.id)),
        scene: {
          organizationId: organization.id,
          applications: await store.applications(organization.id),
          now,
          expand,
          links: createLinkMaker(call.address, expand),
        },
        reader,
      })
    },
  })
}

const EXPAND = { expand: 'applications, num_apps, server_license; skip_links leaves links out' }

/** Lists the servers of an application. */
export const listApplicationServers = aboutServers(
  '',
  'List the servers of an application',
  'ServersResponse',
  ({ servers, scene }) =>
    done({ servers: servers.map((each) => serverResource(each, scene)), count: servers.length }),
  EXPAND,
)

/** Counts the servers of an application by environment. */
export const breakDownApplicationServers = aboutServers(
  '/breakdown',
  'Count the servers of an application by environment',
  'ApplicationServersBreakdownResponse',
  ({ servers }) => {
    const countIn = (environment: ServerRecord['environment']) =>
      servers.filter((each) => each.environment === environment).length
    return done({
      count: servers.length,
      development: countIn('DEVELOPMENT'),
      qa: countIn('QA'),
      production: countIn('PRODUCTION'),
      // Engines here do not defend.
      protected_development: 0,
      protected_qa: 0,
      protected_production: 0,
    })
  },
)

/** Counts the servers of an application. */
export const countApplicationServers = aboutServers(
  '/count',
  'Count the servers of an application',
  'ApplicationServersResponse',
  ({ servers }) => done({ servers: servers.length }),
)

/** Shows the server of an application that was seen last. */
export const showNewestServer = aboutServers(
  '/newest',
  'Show the server of an application that was seen last',
  'ServerResponse',
  ({ servers, scene }) => {
    const seenAt = (server: ServerRecord) => serverSeenAt(server, scene.applications).getTime()
    const [newest] = [...servers].sort(
      (one, other) => seenAt(other) - seenAt(one) || other.id - one.id,
    )
    return newest === undefined
      ? notFound('server')
      : done({ server: serverResource(newest, scene) })
  },
  EXPAND,
)

/** Shows what the servers of an application run with. */
export const showApplicationServerProperties = aboutServers(
  '/properties',
  'Show what the servers of an application run with',
  'ServersPropertiesResponse',
  ({ servers, scene: { organizationId, links } }) =>
    done({
      serversProperties: servers.map((each) => serverProperties(each, organizationId, links)),
    }),
)

/** Shows how many servers of an application assess and defend, by environment. */
export const showApplicationServerSettings = aboutServers(
  '/settings',
  'Show how many servers of an application assess and defend, by environment',
  'ApplicationServerSettingsResponse',
  ({ servers }) =>
    done({
      total_servers: servers.length,
      total_assessment: servers.length,
      total_protection: 0,
      total_protection_servers: 0,
      serverSettingsEnvironment: ENVIRONMENTS.map((environment) => {
        const count = servers.filter((each) => each.environment === environment).length
        return { environment, servers: count, assessment: count, protection: 0 }
      }),
    }),
)

/** Shows the settings of the servers of an application in one environment. */
export const showEnvironmentSettings = aboutServers(
  '/settings/environment',
  'Show the settings of the servers of an application in one environment',
  'ApplicationServerSettingsEnvironmentResponse',
  ({ servers, scene: { organizationId, links }, reader }) => {
    const environment = reader.required('environment', reader.choice('environment', ENVIRONMENTS))
    const found = servers.filter((each) => each.environment === environment)
    return (
      reader.refusal() ??
      done({
        servers: found.map((server) => ({
          server_id: server.id,
          name: serverName(server),
          assess: true,
          defend: false,
          has_instrumentation_conflict: false,
          ...links(['self', `/ng/${organizationId}/servers/${server.id}`]),
        })),
      })
    )
  },
  { environment: 'DEVELOPMENT, QA or PRODUCTION' },
)
