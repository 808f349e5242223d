import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectPlain } from 'node:net'
import { connect } from 'node:tls'
import { Agent, request } from 'undici'
import { afterEach, expect, test } from 'vitest'
import { createAuthority } from '../../../mock-server/certificates/authority.ts'
import type { Listener, TeamServerOptions, TlsOptions } from '../../../mock-server/index.ts'
import { authorizationOf, createShop, finding, type Shop } from '../shop.ts'
import { openRaw, rawRequest, sendRaw } from './raw-connection.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

type Listening = Shop & { readonly listener: Listener }

async function listening(
  tls: boolean | TlsOptions,
  limits: NonNullable<TeamServerOptions['limits']> = {},
): Promise<Listening> {
  const started = await createShop({ limits, scryptCost: 1_024 })
  open.push(started.teamServer)
  return { ...started, listener: await started.teamServer.listen({ tls }) }
}

interface Trust {
  readonly ca?: string | undefined
  readonly cert?: string
  readonly key?: string
}

async function ask(url: string, trust: Trust, options: Parameters<typeof request>[1] = {}) {
  const dispatcher = new Agent({ connect: { ...trust, ca: trust.ca ?? [] } })
  open.push(dispatcher)
  return request(url, { ...options, dispatcher })
}

async function report({ listener, shop }: Listening, trust: Trust, url = listener.url) {
  return ask(`${url}/api/engine/v1/reports`, trust, {
    method: 'POST',
    headers: { authorization: authorizationOf(shop.agent), 'content-type': 'application/json' },
    body: JSON.stringify({ reports: [finding('one')] }),
  })
}

/** The detail of each refusal in which no organization could be told, once there is one. */
async function details({ teamServer }: Shop): Promise<readonly string[]> {
  const count = async () => (await teamServer.refusals()).length
  await expect.poll(count, { timeout: 10_000 }).toBeGreaterThan(0)
  return (await teamServer.refusals()).map(({ reason, detail }) => `${reason}: ${detail}`)
}

test('a report comes in over TLS, by a certificate of the authority that the listener tells', async () => {
  const all = await listening(true)
  const { url, ca, clientCertificate } = all.listener
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/Contrast$/)
  expect(clientCertificate).toBeUndefined()
  const answer = await report(all, { ca })
  expect(answer.statusCode).toBe(202)
  expect(answer.headers['x-mock-teamserver']).toMatch(/^teamserver-engine\//)
  expect(await all.shop.reports()).toEqual([finding('one')])
  expect(all.shop.engineOptions().url).toBe(url)
})

test('the certificate is for this machine by each of its names', async () => {
  const all = await listening(true)
  const { port } = new URL(all.listener.url)
  const { ca } = all.listener
  expect((await report(all, { ca }, `https://localhost:${port}/Contrast`)).statusCode).toBe(202)
})

test('whoever does not trust the authority sends nothing', async () => {
  const all = await listening(true)
  const other = await listening(true)
  await expect(report(all, { ca: other.listener.ca })).rejects.toThrow(/certificate/)
  expect(all.teamServer.requests()).toEqual([])
})

test('a certificate that is brought is shown, and its listener tells no authority', async () => {
  const authority = createAuthority('Ours')
  const { cert, key } = authority.issue()
  const all = await listening({ cert, key: Buffer.from(key) })
  expect(all.listener.ca).toBeUndefined()
  expect((await report(all, { ca: authority.cert })).statusCode).toBe(202)
})

test('a client certificate is required where it is asked for, and one is made for tests', async () => {
  const all = await listening({ requestCert: true })
  const { ca, clientCertificate } = all.listener
  await expect(report(all, { ca })).rejects.toThrow()
  expect(await details(all)).toEqual([
    'request-malformed: tls: ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE',
  ])
  expect((await report(all, { ca, ...clientCertificate })).statusCode).toBe(202)
})

test('client certificates of the authority that is brought are let in, and of no other', async () => {
  const [clients, others] = [createAuthority('Clients'), createAuthority('Others')]
  const all = await listening({ ca: clients.cert })
  const { ca } = all.listener
  expect(all.listener.clientCertificate).toBeUndefined()
  const { cert, key } = others.issue({ names: ['engine.test'] })
  await expect(report(all, { ca, cert, key })).rejects.toThrow()
  const right = clients.issue({ names: ['engine.test'] })
  expect((await report(all, { ca, cert: right.cert, key: right.key })).statusCode).toBe(202)
  expect(await all.shop.reports()).toHaveLength(1)
})

test('the cookie of a login over TLS is Secure, and without TLS it is not (F-702)', async () => {
  const all = await listening(true)
  const person = await all.shop.addPerson({ role: 'admin' })
  const plain = await all.teamServer.listen()
  const cookieOf = async (url: string, ca?: string) => {
    const answer = await ask(
      `${url}/api/ng/login`,
      { ca },
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ userName: person.userName, password: person.password }),
      },
    )
    expect(answer.statusCode).toBe(200)
    return String(answer.headers['set-cookie']).split('; ').slice(1)
  }
  const attributes = ['HttpOnly', 'SameSite=Strict', 'Path=/']
  expect((await cookieOf(all.listener.url, all.listener.ca)).sort()).toEqual(
    [...attributes, 'Secure'].sort(),
  )
  expect((await cookieOf(plain.url)).sort()).toEqual([...attributes].sort())
})

test('plain HTTP on a port of TLS is no clear request, and closed (S-106)', async () => {
  const all = await listening(true)
  const plain = all.listener.url.replace('https:', 'http:')
  const bytes = rawRequest('GET /Contrast/api/openapi.json', ['Host: a', 'Connection: close'])
  expect(await sendRaw(plain, bytes)).toEqual([])
  expect(await details(all)).toEqual(['request-malformed: tls: ERR_SSL_HTTP_REQUEST'])
  expect((await report(all, { ca: all.listener.ca })).statusCode).toBe(202)
})

test('a TLS client on a plain port is told 400 in plain, and closed (S-106)', async () => {
  const { listener, teamServer, shop } = await listening(false)
  const { port } = new URL(listener.url)
  const client = connect({ host: '127.0.0.1', port: Number(port) })
  const [error] = await once(client, 'error')
  expect(error).toMatchObject({ code: expect.stringMatching(/^(ERR_SSL_|ECONNRESET|EPROTO)/) })
  expect((await teamServer.refusals()).map(({ reason }) => reason)).toEqual(['request-malformed'])
  expect(await shop.reports()).toEqual([])
})

test('the limits hold behind TLS as well: size of the head, and a slow one (S-201, S-205)', async () => {
  const all = await listening(true, {
    headerBytes: 2_000,
    headersTimeoutMs: 40,
    timeoutCheckMs: 10,
  })
  const { ca } = all.listener
  const large = await ask(
    `${all.listener.url}/api`,
    { ca },
    { headers: { 'x-a': 'x'.repeat(3_000) } },
  )
  expect(large.statusCode).toBe(431)
  const { hostname, port } = new URL(all.listener.url)
  const slow = connect({ host: hostname, port: Number(port), ca })
  slow.write('GET /Contr')
  let text = ''
  for await (const chunk of slow) text += chunk
  expect(text).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
})

test('who connects and never says hello is closed, by its time or by the end (S-203)', async () => {
  const all = await listening(true, { headersTimeoutMs: 40 })
  const plain = all.listener.url.replace('https:', 'http:')
  expect(await (await openRaw(plain)).untilClosed()).toBe('')
  expect(await details(all)).toEqual(['request-malformed: tls: ERR_TLS_HANDSHAKE_TIMEOUT'])

  const patient = await listening(true)
  const { hostname, port } = new URL(patient.listener.url)
  const silent = connectPlain({ host: hostname, port: Number(port) })
  silent.on('error', () => {})
  await once(silent, 'connect')
  const closed = once(silent, 'close')
  await patient.listener.close()
  await closed
})

const issued = createAuthority().issue()
const stranger = createAuthority().issue()

test.each<[what: string, tls: object, message: RegExp]>([
  ['a certificate without key', { cert: issued.cert }, /tls\.cert and tls\.key belong together/],
  ['a key without certificate', { key: issued.key }, /tls\.cert and tls\.key belong together/],
  [
    'the key of another',
    { cert: issued.cert, key: stranger.key },
    /tls\.key cannot be used \(ERR_/,
  ],
  ['no PEM', { cert: 'cert', key: 'key' }, /tls\.cert and tls\.key cannot be used \(ERR_/],
  [
    'a key under a password',
    { cert: issued.cert, key: issued.keyUnder('hunter2hunter2') },
    /give PEM, a key without a password/,
  ],
  ['an authority that is none', { ca: 'authority' }, /tls\.ca cannot be used \(ERR_/],
  ['an option that is none', { certs: '' }, /unknown option tls\.certs; tls takes cert, key/],
])('%s is a mistake that is told, without a word of the key', async (_what, tls, message) => {
  const error = await listening(tls as TlsOptions).catch((thrown) => thrown)
  expect(error).toMatchObject({
    code: 'ERR_OPTION_INVALID',
    message: expect.stringMatching(message),
  })
  for (const line of issued.key.split('\n')) {
    if (line.length > 20) expect(error.message).not.toContain(line)
  }
})

test('what is made is a certificate of its authority, for the host too', async () => {
  const { teamServer } = await createShop()
  open.push(teamServer)
  const listener = await teamServer.listen({ tls: true, host: '127.0.0.1' })
  const authority = new X509Certificate(listener.ca ?? '')
  expect(authority.ca).toBe(true)
  const { hostname, port } = new URL(listener.url)
  const client = connect({ host: hostname, port: Number(port), ca: listener.ca })
  await once(client, 'secureConnect')
  expect(client.getPeerX509Certificate()?.subjectAltName).toBe(
    'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
  )
  client.destroy()
})
