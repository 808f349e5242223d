import { isServerOnline } from '../../../inventory/presence.ts'
import { done } from '../../done.ts'
import { ADMIN_ONLY, ALL_ROLES, route, routeWithBody } from '../../route.ts'
import { applicationBase } from '../application-base.ts'
import { ServerNameRequest } from '../validators.generated.js'
import { aboutServer } from './find-server.ts'
import { applicationsOn, serverProperties, serverResource } from './server-resource.ts'

const SERVERS = '/ng/:org/servers'
const SERVER = `${SERVERS}/:server`

/** Shows one server. */
export const showServer = route({
  method: 'GET',
  path: SERVER,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Show a server',
    isOurs: false,
    answer: 'ServerResponse',
    query: { expand: 'applications, num_apps, server_license; skip_links leaves links out' },
  },
  answer: (call) =>
    aboutServer(call, ({ server, scene }) => done({ server: serverResource(server, scene) })),
})

/** Shows what a server runs with. */
export const showServerProperties = route({
  method: 'GET',
  path: `${SERVER}/properties`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Show what a server runs with, as far as engines tell',
    isOurs: false,
    answer: 'ServerPropertiesResponse',
  },
  answer: (call) =>
    aboutServer(call, ({ server, scene: { organizationId, links } }) =>
      done({ serverProperties: serverProperties(server, organizationId, links) }),
    ),
})

/** Says whether any server is online. */
export const showActiveServer = route({
  method: 'GET',
  path: `${SERVERS}/active`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Say whether any server is online',
    isOurs: false,
    answer: 'Server Active Response',
  },
  async answer({ organization, store, now }) {
    const applications = await store.applications(organization.id)
    const servers = await store.servers(organization.id)
    return done({
      hasActiveServer: servers.some((server) => isServerOnline(server, applications, now)),
    })
  },
})

/** Says what servers do. */
export const showServerModes = route({
  method: 'GET',
  path: `${SERVERS}/modes`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Say whether any server assesses or defends',
    isOurs: false,
    answer: 'ServersAssessDefendResponse',
  },
  async answer({ organization, store }) {
    const servers = await store.servers(organization.id)
    // Engines here assess and do not defend.
    return done({ assess: servers.length > 0, defend: false })
  },
})

/** Lists the servers whose engine has to be restarted. */
export const listServersToRestart = route({
  method: 'GET',
  path: '/ng/:org/organizations/servers/restart/:language',
  access: { people: ALL_ROLES },
  description: {
    summary: 'List the servers that have to be restarted: none, settings hold at once',
    isOurs: false,
    answer: 'ServersBaseResponse',
  },
  answer: async () => done({ servers: [] }),
})

/** Gives a server another name; engines go on under theirs. */
export const renameServer = routeWithBody({
  method: 'PUT',
  path: `${SERVER}/name`,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Give a server another name',
    isOurs: false,
    request: 'ServerNameRequest',
    answer: 'BaseApiResponse',
  },
  validator: ServerNameRequest,
  answer: (call) =>
    aboutServer(call, async ({ server }) => {
      const { name: displayName } = call.message
      await call.store.changeServer(call.organization.id, server, (before = server) => ({
        ...before,
        displayName,
      }))
      await call.note(
        'administration',
        'server-renamed',
        `named the server ${server.id} ${displayName}`,
      )
      return done()
    }),
})

/** Lists the applications of a server that run nowhere else. */
export const listServerOrphans = route({
  method: 'GET',
  path: `${SERVER}/apptraces`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'List the applications that run on a server, or on it alone',
    isOurs: false,
    answer: 'ServerOrphansResponse',
    query: { orphans: 'true lists those that run on no other server' },
  },
  answer: (call) =>
    aboutServer(call, async ({ server, applications, scene, reader }) => {
      const isAlone = reader.required('orphans', reader.flag('orphans')) === true
      const refused = reader.refusal()
      if (refused !== undefined) return refused
      const others = (await call.store.servers(call.organization.id)).filter(
        ({ id }) => id !== server.id,
      )
      const found = applicationsOn(server, applications).filter(
        ({ id }) => !isAlone || others.every(({ applicationIds }) => !applicationIds.has(id)),
      )
      return done({
        applications: found.map((each) => applicationBase(each, scene.organizationId, scene.links)),
      })
    }),
})
