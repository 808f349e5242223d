import type { LookupAddress } from 'node:dns'
import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'
import type { Configuration } from '../configuration/configuration.ts'
import { type ConnectorOptions, createConnector } from '../transport/connector.ts'
import { describeFault } from '../transport/describe-fault.ts'
import { explainFault } from '../transport/explain-fault.ts'
import type { Network } from '../transport/network.ts'
import { refusedAddress } from '../transport/refused-address.ts'
import { TransportError } from '../transport/transport.ts'
import { proxyFault } from '../transport/tunnel.ts'
import { describeCertificate } from './certificate-words.ts'
import { type Check, fail, pass, skip } from './check.ts'

/**
 * Goes the way to TeamServer step by step, and sends nothing on it but the handshake of TLS and what a
 * proxy has to be asked.
 *
 * @returns The checks from `dns` to `tls`, up to the first that failed.
 */
export async function checkNetwork(configuration: Configuration): Promise<readonly Check[]> {
  const way = await wayOf(configuration)
  const checks: Check[] = []
  for (const step of [checkName, checkProxy, checkConnection, checkTls]) {
    const check = await step(way)
    checks.push(check)
    if (check.outcome === 'fail') break
  }
  return checks
}

type Target = buildConnector.Options

interface Way {
  readonly url: string
  /** Where the url came from. */
  readonly where: string
  readonly network: Network
  /** Makes a connection, for the caller to let go of. */
  connect(target: Target, network?: Network): Promise<Socket>
}

async function wayOf({ url, origins, network, requestTimeoutMs }: Configuration): Promise<Way> {
  const undici = await import('undici')
  const options: ConnectorOptions = { undici, connectTimeoutMs: requestTimeoutMs, network }
  return {
    url,
    where: origins.url.where,
    network,
    connect: (to, through = network) =>
      new Promise((resolve, reject) => {
        createConnector({ ...options, network: through })(to, (error, socket) => {
          if (error !== null) return reject(error)
          socket.on('error', () => {})
          resolve(socket)
        })
      }),
  }
}

function targetOf(url: string): Target {
  const { protocol, hostname, host, port } = new URL(url)
  return { protocol, host, port, hostname: hostname.replace(/^\[|\]$/g, '') }
}

async function checkName({ url, where, network }: Way): Promise<Check> {
  const { hostname } = targetOf(url)
  if (network.proxy !== undefined) return skip('dns', `the proxy looks ${hostname} up`)
  const { isIP } = await import('node:net')
  if (isIP(hostname) !== 0) return skip('dns', `${hostname} is an address`)
  const { lookup } = await import('node:dns/promises')
  let found: LookupAddress[]
  try {
    found = await lookup(hostname, { all: true })
  } catch (error) {
    return fail('dns', `${describeFault(explainFault(error, url))} (${where})`)
  }
  const addresses = found.map(({ address }) => address)
  const refused = network.isLinkLocalAllowed
    ? undefined
    : addresses.map(refusedAddress).find((what) => what !== undefined)
  return refused === undefined
    ? pass('dns', `${hostname} is ${addresses.join(', ')}`)
    : fail('dns', `${hostname} is ${addresses.join(', ')}, ${refused}: nothing is sent there`)
}

async function checkProxy({ url, network, connect }: Way): Promise<Check> {
  const { proxy } = network
  if (proxy === undefined) return skip('proxy', 'none is set')
  const named = `${proxy.url} (${proxy.where})`
  try {
    const hop = await connect(targetOf(proxy.url))
    hop.destroy()
  } catch (error) {
    return fail('proxy', proxyFault(proxy, error).message)
  }
  if (url.startsWith('http:')) return pass('proxy', `${named} takes connections`)
  try {
    const socket = await connect(targetOf(url))
    socket.destroy()
  } catch (error) {
    // What comes behind the proxy is for the next step.
    if (error instanceof TransportError && error.code === 'ERR_PROXY') {
      return fail('proxy', error.message)
    }
  }
  return pass('proxy', `${named} lets the engine through`)
}

async function checkConnection({ url, where, network, connect }: Way): Promise<Check> {
  if (network.proxy !== undefined) return skip('connection', 'the proxy makes it')
  const target = targetOf(url)
  const port = target.port || (url.startsWith('https:') ? '443' : '80')
  try {
    // Without TLS there is no key that a pin could be compared with.
    const plain = { ...network, tls: { ...network.tls, pins: [] } }
    const socket = await connect({ ...target, port, protocol: 'http:' }, plain)
    const { remoteAddress } = socket
    socket.destroy()
    return pass('connection', `${remoteAddress} takes connections at port ${port}`)
  } catch (error) {
    return fail('connection', `${describeFault(explainFault(error, url))} (${where})`)
  }
}

async function checkTls({ url, network, connect }: Way): Promise<Check> {
  if (url.startsWith('http:')) return skip('tls', 'the url is plain http')
  try {
    const socket = await connect(targetOf(url))
    const words = describeCertificate(socket, network.tls)
    socket.destroy()
    return pass('tls', words)
  } catch (error) {
    const why = describeFault(explainFault(error, url, network.proxy))
    return fail('tls', `${why}${await seenCertificate(url, network, connect)}`)
  }
}

/** Looks at what is shown there, whoever vouches for it: nothing is sent. */
async function seenCertificate(
  url: string,
  network: Network,
  connect: Way['connect'],
): Promise<string> {
  try {
    const tls = { ...network.tls, areErrorsIgnored: true, pins: [] }
    const socket = await connect(targetOf(url), { ...network, tls })
    const words = describeCertificate(socket, tls)
    socket.destroy()
    return `. What is there: ${words}`
  } catch {
    return ''
  }
}
