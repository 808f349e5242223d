import type { Socket } from 'node:net'
import { clearTimeout, setTimeout } from 'node:timers'
import type { buildConnector, Client } from 'undici'
import { isError } from '../caught-error.ts'
import { describeFault } from './describe-fault.ts'
import type { ProxyServer } from './network.ts'
import { HEADERS_LIMIT_BYTES, TransportError } from './transport.ts'

export interface TunnelOptions {
  readonly Client: typeof Client
  readonly proxy: ProxyServer
  readonly toProxy: buildConnector.connector
  /** Longest that the proxy takes for all of it. */
  readonly limitMs: number
}

type Target = Pick<buildConnector.Options, 'hostname' | 'port' | 'host'>
type Tunnel = (target: Target, done: buildConnector.Callback) => void

/**
 * Asks a proxy for a way through, which nobody on it can look into: one connection to the proxy for
 * each connection to TeamServer.
 *
 * @see RFC 9110, section 9.3.6
 */
export function createTunnel(options: TunnelOptions): Tunnel {
  return (target, done) => {
    open(options, target).then(
      (socket) => done(null, socket),
      (error: unknown) => done(isError(error) ? error : new Error(String(error)), null),
    )
  }
}

async function open(
  { Client, proxy, toProxy, limitMs }: TunnelOptions,
  { hostname, port }: Target,
): Promise<Socket> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), limitMs).unref()
  const client = new Client(proxy.url, {
    connect: toProxy,
    headersTimeout: 0,
    maxHeaderSize: HEADERS_LIMIT_BYTES,
  })
  const authority = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port || '443'}`
  try {
    const { statusCode, socket } = await client.connect({
      path: authority,
      headers: {
        host: authority,
        ...(proxy.authorization !== undefined && { 'proxy-authorization': proxy.authorization }),
      },
      signal: controller.signal,
    })
    if (statusCode >= 200 && statusCode < 300) return socket as Socket
    socket.on('error', () => {}).destroy()
    throw new ProxyAnswerError(proxy, statusCode)
  } catch (error) {
    if (error instanceof ProxyAnswerError) throw error
    throw proxyFault(proxy, controller.signal.aborted ? `no answer within ${limitMs} ms` : error)
  } finally {
    clearTimeout(timer)
    client.destroy().catch(() => {})
  }
}

/** A proxy that answered, and let nobody through. */
export class ProxyAnswerError extends TransportError {
  readonly statusCode: number

  constructor({ url, where }: ProxyServer, statusCode: number) {
    super(
      'ERR_PROXY',
      `the proxy ${url} (${where}) let nobody through: it answered ${statusCode}. ` +
        'Ask whoever runs it to let requests to TeamServer pass, or set another proxy',
    )
    this.statusCode = statusCode
  }
}

/** @param fault What was thrown, or words. */
export function proxyFault({ url, where }: ProxyServer, fault: unknown): TransportError {
  const why = typeof fault === 'string' ? fault : describeFault(fault)
  return new TransportError('ERR_PROXY', `the proxy ${url} (${where}) is out of reach: ${why}`)
}
