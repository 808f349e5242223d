import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext, type TLSSocket, type TlsOptions } from 'node:tls'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import {
  createAuthority,
  createSelfSigned,
  type Issued,
} from '../../../mock-server/certificates/authority.ts'
import type { CertificateOptions } from '../../../sdk/configuration/network-options.ts'
import {
  expectDelivered,
  expectKept,
  PATIENT,
  reportSome,
  startNetworkEngine,
} from './network-engine.ts'
import { type ServerScript, startScriptedServer } from './scripted-server.ts'

const authority = createAuthority()
const good = authority.issue()
const next = authority.issue()
const client = authority.issue({ names: ['engine.test'] })
const selfSigned = createSelfSigned()
const PASSWORD = 'hunter2hunter2hunter2'

let folder = ''
let caFile = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tls-'))
  caFile = fileOf('ca.pem', authority.cert)
})
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content, { mode: 0o600 })
  return path
}

const serverWith = (
  { cert, key }: Issued,
  more: TlsOptions = {},
  onConnection: ServerScript['onConnection'] = () => false,
) => startScriptedServer({ tls: { cert, key, ...more }, onConnection })

async function expectRefused(
  issued: Issued,
  certificate: CertificateOptions,
  words: RegExp,
  more: TlsOptions = {},
): Promise<void> {
  const server = await serverWith(issued, more)
  const around = startNetworkEngine(server.url, { batchLimitReports: 1, certificate }, PATIENT)
  const ids = reportSome(around.engine, 1)
  expect(await around.line(/out of reach/)).toMatch(words)
  expectKept(around.engine, ids)
  expect(server.requests).toEqual([])
}

async function expectTaken(issued: Issued, certificate: CertificateOptions, more?: TlsOptions) {
  const server = await serverWith(issued, more)
  const { engine } = startNetworkEngine(server.url, { certificate })
  await expectDelivered(engine, server, reportSome(engine))
  return server
}

const DAY_MS = 86_400_000

test('a certificate of an authority of ours is taken', async () => {
  await expectTaken(good, { caFile })
})

test('a self-signed certificate is taken when it is given', async () => {
  await expectTaken(selfSigned, { caFile: fileOf('self-signed.pem', selfSigned.cert) })
})

test.each<[string, Issued, boolean, RegExp]>([
  [
    'self-signed',
    selfSigned,
    false,
    /certificate of TeamServer is self-signed\. If it is the right one, give it as certificate\.caFile/,
  ],
  [
    'self-signed, with another authority given',
    selfSigned,
    true,
    /certificate of TeamServer is self-signed/,
  ],
  [
    'of an unknown issuer',
    good,
    false,
    /nobody known here vouches for the certificate of TeamServer\. If it is the right one, give the certificate of its authority as certificate\.caFile/,
  ],
  [
    'expired',
    authority.issue({ notAfter: new Date(Date.now() - DAY_MS) }),
    true,
    /certificate of TeamServer has expired\. Whoever runs it has to renew it/,
  ],
  [
    'not valid yet',
    authority.issue({
      notBefore: new Date(Date.now() + DAY_MS),
      notAfter: new Date(Date.now() + 2 * DAY_MS),
    }),
    true,
    /is not valid yet: perhaps the clock/,
  ],
  [
    'for another host',
    authority.issue({ names: ['other.test'] }),
    true,
    /certificate belongs to another host than localhost\. Check the host of url/,
  ],
])(
  'D-701: a certificate that is %s is not sent to, and told in words',
  async (_what, issued, isKnown, words) => {
    await expectRefused(issued, isKnown ? { caFile } : {}, words)
  },
)

test('D-702: a right certificate with another key than the pins is not sent to', async () => {
  const words = new RegExp(
    `ERR_CERTIFICATE_PIN the key of the certificate \\(${good.pin.replace(/[+]/g, '\\+')}\\) is none of certificate\\.pins: either somebody`,
  )
  await expectRefused(good, { caFile, pins: [next.pin] }, words)
})

test.each([
  ['self-signed', selfSigned],
  ['of an unknown issuer', good],
  ['expired', authority.issue({ notAfter: new Date(Date.now() - DAY_MS) })],
  ['for another host', authority.issue({ names: ['other.test'] })],
])(
  'D-703: with errors ignored, a certificate that is %s is taken with its pin and refused without',
  async (_what, issued) => {
    const ignoreCertErrors = true
    await expectTaken(issued, { ignoreCertErrors })
    await expectTaken(issued, { ignoreCertErrors, pins: [issued.pin] })
    await expectRefused(issued, { ignoreCertErrors, pins: [next.pin] }, /ERR_CERTIFICATE_PIN/)
  },
)

test('D-703: the pin of an authority does not stand for what is issued in its name', async () => {
  const chain = { ...good, cert: good.cert + authority.cert }
  await expectRefused(
    chain,
    { ignoreCertErrors: true, pins: [authority.pin] },
    /ERR_CERTIFICATE_PIN/,
  )
})

test.each([true, false])(
  'D-703: each connection is compared with the pins, and no session is taken up again (errors ignored: %s)',
  async (ignoreCertErrors) => {
    const shown = [good, good, next].map(({ cert, key }) => createSecureContext({ cert, key }))
    const reused: boolean[] = []
    const sockets: Socket[] = []
    const server = await serverWith(
      good,
      {
        ticketKeys: Buffer.alloc(48, 7),
        SNICallback: (_name, done) => done(null, shown.shift()),
      },
      (socket) => {
        sockets.push(socket)
        reused.push((socket as TLSSocket).isSessionReused())
        return false
      },
    )
    const certificate = { ignoreCertErrors, caFile, pins: [good.pin] }
    const { engine, line } = startNetworkEngine(server.url, { certificate }, PATIENT)
    const ids = reportSome(engine, 1)
    await expectDelivered(engine, server, ids)
    for (const id of ['r-1', 'r-2']) {
      const ended = server.nextEnd()
      for (const socket of sockets) socket.destroy()
      await ended
      engine.report({ type: 'finding', rule: 'rule', id })
      if (id === 'r-1') await expectDelivered(engine, server, [...ids, id])
    }
    const flushed = engine.flush({ timeoutMs: 5_000 })
    expect(await line(/ERR_CERTIFICATE_PIN/)).toContain(next.pin)
    expect(engine.status()).toMatchObject({ given: 3, accepted: 2, waiting: 1 })
    await engine.close()
    await flushed
    expect(reused.slice(0, 2)).toEqual([false, false])
  },
)

test('D-704: NODE_TLS_REJECT_UNAUTHORIZED=0 of the host does not reach the engine', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
  onTestFinished(() => void vi.unstubAllEnvs())
  await expectRefused(selfSigned, {}, /certificate of TeamServer is self-signed/)
})

test('D-706: an https url at a plain port is told in words', async () => {
  const server = await startScriptedServer()
  const url = server.url.replace('http:', 'https:')
  const around = startNetworkEngine(url, { batchLimitReports: 1 }, PATIENT)
  const ids = reportSome(around.engine, 1)
  expect(await around.line(/out of reach/)).toContain(
    `port ${server.port} does not speak TLS. Write http:// in url, or the port that does`,
  )
  expectKept(around.engine, ids)
})

test('D-706: an http url at a TLS port is told in words', async () => {
  const server = await serverWith(good)
  const url = server.url.replace('https:', 'http:')
  const around = startNetworkEngine(url, { batchLimitReports: 1 }, PATIENT)
  const ids = reportSome(around.engine, 1)
  expect(await around.line(/out of reach/)).toMatch(
    /(this port speaks TLS\. Write|If this port speaks TLS, write) https:\/\/ in url/,
  )
  expectKept(around.engine, ids)
})

test.each(['TLSv1', 'TLSv1.1'] as const)('D-707: %s is refused', async (version) => {
  await expectRefused(good, { caFile }, /offers no TLS as new as 1\.2/, {
    minVersion: version,
    maxVersion: version,
    ciphers: 'DEFAULT@SECLEVEL=0',
  })
})

test.each(['TLSv1.2', 'TLSv1.3'] as const)('D-707: %s is spoken', async (version) => {
  await expectTaken(good, { caFile }, { minVersion: version, maxVersion: version })
})

test('D-708: of two pins the second one is enough', async () => {
  await expectTaken(good, { caFile, pins: [next.pin, good.pin] })
})

test('a client certificate is shown, its key under a password', async () => {
  const certificate = {
    caFile,
    certFile: fileOf('client.pem', client.cert),
    keyFile: fileOf('client-key.pem', client.keyUnder(PASSWORD)),
    keyPassword: PASSWORD,
  }
  const wanted = { requestCert: true, rejectUnauthorized: true, ca: authority.cert }
  const server = await expectTaken(good, certificate, wanted)
  const [request] = server.requests
  const socket = request?.socket as TLSSocket
  expect(socket.getPeerCertificate().subjectaltname).toBe('DNS:engine.test')
})

test('a TeamServer that wants a client certificate is told of', async () => {
  const words =
    /TeamServer did not take the certificate of this engine, or wants one: see certificate\.certFile/
  const wanted = { requestCert: true, rejectUnauthorized: true, ca: authority.cert }
  await expectRefused(good, { caFile }, words, { ...wanted, maxVersion: 'TLSv1.2' })
})
