import { randomUUID } from 'node:crypto'
import { ask, type Question } from '../ask.ts'
import type { Audience, Questions } from './questions.ts'

/** What the routes of keys, people and security are asked. */
export const ADMINISTRATION: Questions = {
  'POST /ng/login': ({ admin: { userName, password } }) => ({ json: { userName, password } }),
  'POST /ng/logout': signedIn,
  'GET /ng/profile/session': signedIn,
  'GET /ng/:org/profile/apikey': signedIn,
  'GET /ng/:org/live': signedIn,
  'GET /ng/:org/live/requests': signedIn,
  'GET /ng/:org/live/requests/:id': ({ shop }) => ({
    variables: { id: String(shop.requests().at(-1)?.id) },
  }),
  'PUT /ng/profile/servicekey/rotate': async ({ shop }) => ({
    authorization: (await shop.addPerson({ role: 'view' })).authorization,
    json: { overlapMs: 1_000 },
  }),
  'PUT /ng/profile/password': async ({ shop }) => {
    const { authorization, password } = await shop.addPerson({ role: 'view' })
    return { authorization, json: { old_password: password, new_password: 'Open-Sesame-1' } }
  },
  'PUT /ng/superadmin/security/password-policy': () => ({ json: { min_length: 9 } }),
  'POST /ng/:org/users': ({ count }) => ({
    json: { role_name: 'view', username: `guest-${count()}` },
  }),
  'PUT /ng/:org/users/:uid/enabled': () => ({ json: { enabled: true } }),
  'PUT /ng/:org/security/ip-ranges': () => ({ json: { ipRange: [] } }),
  'PUT /ng/:org/users/:uid/role': () => ({ json: { role: 'edit' } }),
  'PUT /ng/:org/organizations/apikey': () => ({ json: { enabled: false } }),
  'PUT /ng/:org/organizations/apikey/rotate': () => ({ json: { overlapMs: 1_000 } }),
  'POST /ng/:org/agents/keys': () => ({ json: { name: `key-${randomUUID()}` } }),
  'PUT /ng/:org/agents/keys/:name/rotate': () => ({ json: { overlapMs: 1_000 } }),
  'PUT /ng/superadmin/security/key-policy': async ({ teamServer }) => ({
    json: await teamServer.keyPolicy(),
  }),
}

/** A session instead of credentials. */
async function signedIn({ teamServer, admin }: Audience): Promise<Partial<Question>> {
  const { userName, password } = admin
  const reply = await ask(teamServer, 'POST', '/ng/login', { json: { userName, password } })
  const [cookie = ''] = String(reply.headers['set-cookie']).split(';')
  const { csrfToken } = reply.body as { readonly csrfToken: string }
  return { headers: { cookie, 'x-csrf-token': csrfToken } }
}
