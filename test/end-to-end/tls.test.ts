import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createTeamServer, type TlsOptions } from '../../mock-server/index.ts'
import { createEngine } from '../../sdk/index.ts'
import { temporaryFolder } from './download.ts'

type Certificate = NonNullable<NonNullable<Parameters<typeof createEngine>[0]>['certificate']>

/** Reports once to a TeamServer that speaks TLS; the certificates of both lie in files. */
async function reportOver(tls: true | TlsOptions, names: readonly (keyof Certificate)[]) {
  const teamServer = createTeamServer()
  onTestFinished(() => teamServer.close())
  const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
  const { ca = '', clientCertificate } = await teamServer.listen({ tls })
  const place = await temporaryFolder({
    'caFile.pem': ca,
    'certFile.pem': clientCertificate?.cert ?? '',
    'keyFile.pem': clientCertificate?.key ?? '',
  })
  onTestFinished(() => place[Symbol.asyncDispose]())
  const lines: string[] = []
  const note = (line: string) => void lines.push(line)
  const engine = createEngine({
    ...shop.engineOptions(),
    application: { name: 'shop' },
    certificate: Object.fromEntries(names.map((name) => [name, join(place.folder, `${name}.pem`)])),
    spoolDirectory: false,
    closeTimeoutMs: 50,
    logger: { debug: note, info: note, warn: note, error: note },
  })
  onTestFinished(() => engine.close().then(() => undefined))
  engine.report({ type: 'finding', rule: 'cookie-flags-missing' })
  return { shop, engine, lines }
}

const PATIENTLY = { timeout: 10_000 }
const TAKEN = { accepted: 1, waiting: 0 }

test('an engine reports over TLS to a TeamServer whose authority it was given', async () => {
  const { shop, engine } = await reportOver(true, ['caFile'])
  expect(await engine.flush({ timeoutMs: 10_000 })).toMatchObject(TAKEN)
  expect(await shop.reports()).toMatchObject([{ type: 'finding' }])
})

test('an engine that was given a client certificate reports where one is asked for', async () => {
  const names = ['caFile', 'certFile', 'keyFile'] as const
  const { shop, engine } = await reportOver({ requestCert: true }, names)
  expect(await engine.flush({ timeoutMs: 10_000 })).toMatchObject(TAKEN)
  expect(await shop.reports()).toMatchObject([{ type: 'finding' }])
})

test('an engine that was given nothing says what it misses, and keeps its report', async () => {
  const { shop, engine, lines } = await reportOver(true, [])
  void engine.flush()
  await expect.poll(() => lines.join('\n'), PATIENTLY).toMatch(/certificate\.caFile/)
  expect(engine.status()).toMatchObject({ accepted: 0, waiting: 1 })
  expect(await shop.reports()).toEqual([])
})
