import { expect, test, vi } from 'vitest'
import { createAuthority } from '../../../mock-server/certificates/authority.ts'
import { temporaryFolder } from '../../end-to-end/download.ts'
import { DIST, startProgram } from '../../end-to-end/program.ts'
import { SERVICE_KEY } from '../engine/test-engine.ts'
import { startScriptedProxy } from './scripted-proxy.ts'
import { startScriptedServer } from './scripted-server.ts'

const authority = createAuthority()
const issued = authority.issue()

/**
 * Runs a host that has a report under way and, once that has got stuck, nothing more to do.
 *
 * @returns How long it lived on after its last own work; its code and what it printed.
 */
async function runHost(url: string, proxy: string | undefined, isStuck: () => boolean) {
  const options = {
    url,
    agentUserName: 'agent_1@Org',
    serviceKey: SERVICE_KEY,
    application: { name: 'shop' },
    batchLimitReports: 1,
    spoolDirectory: false,
    certificate: { caFile: 'ca.pem' },
    proxy: proxy ?? false,
  }
  const program = `
    import { createEngine } from ${JSON.stringify(`${DIST}/sdk/index.js`)}
    const engine = createEngine(${JSON.stringify(options)})
    engine.report({ type: 'finding', rule: 'x' })
    process.stdin.once('data', () => {
      const lastWorkAt = performance.now()
      process.on('exit', () => console.log(Math.round(performance.now() - lastWorkAt)))
      process.stdin.destroy()
    })`
  await using place = await temporaryFolder({ 'ca.pem': authority.cert, 'host.mjs': program })
  const { child, ended } = startProgram(place.folder, ['host.mjs'])
  await vi.waitUntil(isStuck, { timeout: 15_000, interval: 5 })
  child.stdin.write('now')
  const { stdout, ...rest } = await ended
  return { ...rest, livedOnMs: Number(stdout) }
}

/**
 * A connection that counts would keep the host for the 10 seconds of requestTimeoutMs. Node waits at the
 * end for V8 to optimise the parser of HTTP that the first request loaded: half a second where eight
 * others want the processor.
 */
const LIMIT_MS = 3_000

const ENDED = { code: 0, signal: null, stderr: '' }

test.each([
  ['TLS', 'https', undefined],
  ['a tunnel', 'https', 'http'],
  ['a tunnel of a proxy that is spoken to by TLS', 'https', 'https'],
  ['a proxy that takes requests whole', 'http', 'http'],
])(
  'a host whose report is never answered, through %s, ends by itself',
  async (_what, scheme, through) => {
    const tls = scheme === 'https' ? { tls: issued } : {}
    const server = await startScriptedServer({ ...tls, faults: Array(9).fill(() => {}) })
    const proxy = await startScriptedProxy(through === 'https' ? { tls: issued } : {})
    const address = through === undefined ? undefined : `${through}://localhost:${proxy.port}`
    const { livedOnMs, ...ended } = await runHost(server.url, address, () => server.batches === 1)
    expect(ended).toEqual(ENDED)
    expect(livedOnMs).toBeLessThan(LIMIT_MS)
  },
)

test.each([
  ['a proxy never answers a CONNECT', true],
  ['nobody behind a proxy ever speaks TLS', false],
])('a host ends by itself where %s', async (_what, isSilent) => {
  const server = await startScriptedServer({ onConnection: () => true })
  const proxy = await startScriptedProxy({ isSilent })
  const { livedOnMs, ...ended } = await runHost(
    server.url.replace('http:', 'https:'),
    `http://localhost:${proxy.port}`,
    () => (isSilent ? proxy.asked.length === 1 : server.connections === 1),
  )
  expect(ended).toEqual(ENDED)
  expect(livedOnMs).toBeLessThan(LIMIT_MS)
})
