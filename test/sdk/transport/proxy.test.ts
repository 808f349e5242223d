import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuthority, createSelfSigned } from '../../../mock-server/certificates/authority.ts'
import { LANES } from '../../../sdk/delivery/outbox.ts'
import { SERVICE_KEY } from '../engine/test-engine.ts'
import {
  expectDelivered,
  expectKept,
  PATIENT,
  reportSome,
  startNetworkEngine,
} from './network-engine.ts'
import { startScriptedProxy } from './scripted-proxy.ts'
import { startScriptedServer } from './scripted-server.ts'

const authority = createAuthority()
const good = authority.issue()
const next = authority.issue()
const PASSWORD = 'hunter2hunter2hunter2'
const BASIC = `Basic ${Buffer.from(`ann:${PASSWORD}`).toString('base64')}`

let folder = ''
let certificate = { caFile: '' }
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'proxy-'))
  certificate = { caFile: join(folder, 'ca.pem') }
  writeFileSync(certificate.caFile, authority.cert)
})
afterAll(() => rmSync(folder, { recursive: true }))

const startTlsServer = () => startScriptedServer({ tls: good })

test('an https url is reached through a tunnel, which shows the proxy no key', async () => {
  const server = await startTlsServer()
  const proxy = await startScriptedProxy()
  const { engine } = startNetworkEngine(server.url, {
    certificate,
    proxy: { url: `http://localhost:${proxy.port}`, user: 'ann', password: PASSWORD },
  })
  await expectDelivered(engine, server, reportSome(engine))
  engine.report({ type: 'finding', rule: 'rule', id: 'r-3' })
  await expectDelivered(engine, server, ['r-0', 'r-1', 'r-2', 'r-3'])
  // A tunnel for each request at a time, whatever comes one after the other.
  expect(proxy.asked.length).toBeLessThanOrEqual(LANES)
  expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT localhost:${server.port}`]))
  expect(new Set(proxy.authorizations)).toEqual(new Set([BASIC]))
  expect(server.requests.every(({ headers }) => headers['proxy-authorization'] === undefined)).toBe(
    true,
  )
  expect(proxy.seen()).not.toContain(server.requests[0]?.headers.authorization)
  expect(proxy.seen().length).toBeGreaterThan(500)
})

test('a plain url is given to the proxy whole', async () => {
  const server = await startScriptedServer()
  const proxy = await startScriptedProxy()
  const url = server.url.replace('localhost', '127.0.0.1')
  const address = `http://ann:${PASSWORD}@127.0.0.1:${proxy.port}`
  const { engine } = startNetworkEngine(url, { proxy: address })
  await expectDelivered(engine, server, reportSome(engine))
  expect(proxy.asked).toContain(`POST ${url}/Contrast/api/engine/v1/reports`)
  expect(new Set(proxy.authorizations)).toEqual(new Set([BASIC]))
  expect(server.requests[0]?.headers.host).toBe(`127.0.0.1:${server.port}`)
})

test.each(['http', 'https'])(
  'a proxy that is spoken to by TLS lets an %s url through',
  async (scheme) => {
    const server = scheme === 'https' ? await startTlsServer() : await startScriptedServer()
    const proxy = await startScriptedProxy({ tls: good })
    const { engine, lines } = startNetworkEngine(server.url, {
      certificate: scheme === 'https' ? { ...certificate, pins: [good.pin] } : certificate,
      proxy: `https://localhost:${proxy.port}`,
    })
    await expectDelivered(engine, server, reportSome(engine))
    expect(lines).toEqual([])
  },
)

test('the pins are those of TeamServer, and hold through a proxy with errors ignored', async () => {
  const server = await startTlsServer()
  const proxy = await startScriptedProxy({ tls: next })
  const around = startNetworkEngine(
    server.url,
    {
      batchLimitReports: 1,
      certificate: { ignoreCertErrors: true, pins: [next.pin] },
      proxy: `https://localhost:${proxy.port}`,
    },
    PATIENT,
  )
  const ids = reportSome(around.engine, 1)
  expect(await around.line(/out of reach/)).toContain(
    `ERR_CERTIFICATE_PIN the key of the certificate (${good.pin})`,
  )
  expectKept(around.engine, ids)
  expect(server.requests).toEqual([])
  const { engine } = startNetworkEngine(server.url, {
    certificate: { ignoreCertErrors: true, pins: [good.pin] },
    proxy: `https://localhost:${proxy.port}`,
  })
  await expectDelivered(engine, server, reportSome(engine))
})

test('the certificate of TeamServer is checked through a proxy', async () => {
  const server = await startScriptedServer({ tls: createSelfSigned() })
  const proxy = await startScriptedProxy()
  const options = { batchLimitReports: 1, certificate, proxy: `http://localhost:${proxy.port}` }
  const { engine, line } = startNetworkEngine(server.url, options, PATIENT)
  const ids = reportSome(engine, 1)
  expect(await line(/out of reach/)).toContain('the certificate of TeamServer is self-signed')
  expectKept(engine, ids)
  expect(server.requests).toEqual([])
})

test.each(['http', 'https'])(
  'D-121: with a proxy that is down, reports to an %s url are kept, and the line names it',
  async (scheme) => {
    const server = scheme === 'https' ? await startTlsServer() : await startScriptedServer()
    const options = { batchLimitReports: 1, certificate, proxy: 'http://localhost:1' }
    const { engine, line } = startNetworkEngine(server.url, options, PATIENT)
    const ids = reportSome(engine, 1)
    expect(await line(/out of reach/)).toMatch(
      /\(ERR_PROXY the proxy http:\/\/localhost:1 \(option proxy\.url\) is out of reach: connect ECONNREFUSED \S+:1\)/,
    )
    expectKept(engine, ids)
    expect(server.connections).toBe(0)
  },
)

test('D-121: with a proxy whose certificate nobody vouches for, reports are kept', async () => {
  const server = await startTlsServer()
  const proxy = await startScriptedProxy({ tls: createSelfSigned() })
  const options = { batchLimitReports: 1, certificate, proxy: `https://localhost:${proxy.port}` }
  const { engine, line } = startNetworkEngine(server.url, options, PATIENT)
  const ids = reportSome(engine, 1)
  expect(await line(/out of reach/)).toMatch(
    /ERR_PROXY the proxy https:\S+ \(option proxy\.url\) is out of reach: DEPTH_ZERO_SELF_SIGNED_CERT/,
  )
  expectKept(engine, ids)
  expect(proxy.asked).toEqual([])
})

test.each(['http', 'https'])(
  'D-121: a proxy that answers 407 to an %s url is a hold',
  async (scheme) => {
    const server = scheme === 'https' ? await startTlsServer() : await startScriptedServer()
    const proxy = await startScriptedProxy({ refuse: () => 407 })
    const options = {
      certificate,
      proxy: { url: `http://localhost:${proxy.port}`, user: 'ann', password: PASSWORD },
    }
    const { engine, lines } = startNetworkEngine(server.url, options)
    const ids = reportSome(engine)
    await engine.flush({ timeoutMs: 10_000 })
    expect(engine.status()).toMatchObject({ state: 'holding', hold: { cause: 'proxy' } })
    expect(lines).toEqual([
      expect.stringContaining(
        `a proxy on the way wants credentials of its own. Give proxy.user and proxy.password (api.proxy.user and api.proxy.pass), or let requests to localhost:${server.port} pass without them (407)`,
      ),
    ])
    expect(lines.join()).not.toContain(PASSWORD)
    expectKept(engine, ids)
    expect(proxy.asked).toHaveLength(1)
    expect(server.connections).toBe(0)
  },
)

test.each([403, 502])(
  'a proxy that answers %i to CONNECT is named, and asked again',
  async (status) => {
    const server = await startTlsServer()
    const answers: (number | undefined)[] = [status]
    const proxy = await startScriptedProxy({ refuse: () => answers.shift() })
    const options = { certificate, proxy: `http://localhost:${proxy.port}` }
    const { engine, lines } = startNetworkEngine(server.url, options)
    await expectDelivered(engine, server, reportSome(engine))
    expect(lines[0]).toContain(`let nobody through: it answered ${status}. Ask whoever runs it`)
  },
)

test('a proxy that never answers is given up', async () => {
  const server = await startTlsServer()
  const proxy = await startScriptedProxy({ isSilent: true })
  const options = {
    batchLimitReports: 1,
    requestTimeoutMs: 60,
    certificate,
    proxy: `http://localhost:${proxy.port}`,
  }
  const { engine, line } = startNetworkEngine(server.url, options, PATIENT)
  const ids = reportSome(engine, 1)
  expect(await line(/out of reach/)).toMatch(/no (whole )?answer within 60 ms/)
  expectKept(engine, ids)
})

test('HTTPS_PROXY does not count for this machine', async () => {
  const server = await startTlsServer()
  const proxy = await startScriptedProxy()
  const env = { HTTPS_PROXY: `http://localhost:${proxy.port}` }
  const { engine } = startNetworkEngine(server.url, { certificate }, { env })
  await expectDelivered(engine, server, reportSome(engine))
  expect(proxy.asked).toEqual([])
})

test('HTTPS_PROXY is where an https url goes, and the name is for the proxy to look up', async () => {
  const proxy = await startScriptedProxy({ refuse: () => 403 })
  const env = { HTTPS_PROXY: `http://ann:${PASSWORD}@localhost:${proxy.port}` }
  const { engine, line } = startNetworkEngine(
    'https://teamserver.test',
    { batchLimitReports: 1 },
    { env, ...PATIENT },
  )
  const ids = reportSome(engine, 1)
  const said = await line(/out of reach/)
  expect(said).toContain(
    `the proxy http://localhost:${proxy.port} (environment HTTPS_PROXY) let nobody through`,
  )
  expect(said).not.toMatch(new RegExp(`${PASSWORD}|${SERVICE_KEY}`))
  expectKept(engine, ids)
  expect(proxy.asked[0]).toBe('CONNECT teamserver.test:443')
  expect(proxy.authorizations[0]).toBe(BASIC)
})
