// The parts of undici that the engine uses, for the builds that carry it inside: loading them takes a
// quarter of the time that loading all of it takes. The paths are not undici's public ones; they count
// at build time alone, for the version of the lock file, and a build that does not find them fails.
import api from 'undici/lib/api/index.js'
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js'

// As undici's own entry does it.
Object.assign(Dispatcher.prototype, { request: api.request, connect: api.connect })

export { default as buildConnector } from 'undici/lib/core/connect.js'
export { default as Agent } from 'undici/lib/dispatcher/agent.js'
export { default as Client } from 'undici/lib/dispatcher/client.js'
