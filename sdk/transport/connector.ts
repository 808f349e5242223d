import type { LookupFunction, Socket } from 'node:net'
import { clearTimeout, setTimeout } from 'node:timers'
import type { ConnectionOptions, TLSSocket } from 'node:tls'
import type { buildConnector } from 'undici'
import { addressRefused, createGuardedLookup } from './guarded-lookup.ts'
import type { Network, TlsSettings } from './network.ts'
import { refusePin } from './pin.ts'
import { refusedAddress } from './refused-address.ts'
import { TransportError } from './transport.ts'
import { createTunnel } from './tunnel.ts'

export interface ConnectorOptions {
  readonly undici: Pick<typeof import('undici'), 'buildConnector' | 'Client'>
  /** Longest that a connection, TLS included, takes to come about. */
  readonly connectTimeoutMs: number
  readonly network: Network
  /** Resolves names. @default dns.lookup */
  readonly lookup?: LookupFunction | undefined
}

type Connector = buildConnector.connector
type Target = buildConnector.Options
type Done = buildConnector.Callback

/**
 * Makes connections for undici: straight to TeamServer, to a proxy, or through it. Each is looked at
 * before a byte is sent on it: addresses that nobody has a TeamServer at are refused, and pins hold
 * whatever becomes of other certificate errors.
 */
export function createConnector(options: ConnectorOptions): Connector {
  const { proxy, tls } = options.network
  const { connectTimeoutMs: limitMs, undici } = options
  const toTeamServer = withPins(tls.pins, createHop(options, tls))
  if (proxy === undefined) return toTeamServer
  const toProxy = createHop(options, tlsOfProxy(tls))
  const tunnel = createTunnel({ Client: undici.Client, proxy, toProxy, limitMs })
  const { host } = new URL(proxy.url)
  return (target, done) => {
    // Plain http is not tunnelled: the proxy gets the whole request, and is then the target itself.
    if (target.protocol === 'http:' || target.host === host) return toProxy(target, done)
    tunnel(target, (error, socket) => {
      if (error === null) toTeamServer({ ...target, httpSocket: socket }, done)
      else done(error, null)
    })
  }
}

/** A proxy has a certificate of its own: the authority of a TeamServer may be another one's. */
function tlsOfProxy({ ca, areErrorsIgnored }: TlsSettings): TlsSettings {
  if (ca === undefined) return { areErrorsIgnored, pins: [] }
  const { rootCertificates } = process.getBuiltinModule('node:tls')
  return { ca: [...rootCertificates, ca].join('\n'), areErrorsIgnored, pins: [] }
}

/** One connection, without a proxy in between, or TLS over one that is there. */
function createHop(
  { undici, connectTimeoutMs, network, lookup }: ConnectorOptions,
  tls: TlsSettings,
): Connector {
  const connect = undici.buildConnector({
    ...tlsOptions(tls),
    lookup: createGuardedLookup({ ...network, lookup }),
    autoSelectFamily: true,
    // A session that is taken up again would be one whose certificate nobody looks at.
    maxCachedSessions: tls.pins.length > 0 ? 0 : 100,
    // undici's own timer keeps the process alive below one second.
    timeout: 0,
  })
  return (target, done) => {
    const what = network.isLinkLocalAllowed ? undefined : refusedAddress(target.hostname)
    if (what !== undefined) {
      // Not on the stack of whoever asks: undici does not expect that.
      queueMicrotask(() => done(addressRefused(target.hostname, what), null))
      return
    }
    letGo(connect, target, connectTimeoutMs, done)
  }
}

function tlsOptions({ ca, cert, key, passphrase, areErrorsIgnored }: TlsSettings): TlsOptions {
  return {
    // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED=0 of the host does not reach the engine.
    rejectUnauthorized: !areErrorsIgnored,
    minVersion: 'TLSv1.2',
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(passphrase !== undefined && { passphrase }),
  }
}

type TlsOptions = Pick<
  ConnectionOptions,
  'rejectUnauthorized' | 'minVersion' | 'ca' | 'cert' | 'key' | 'passphrase'
>

/**
 * Connects with a socket that does not count for the process's life, and that undici cannot make count
 * again (it does so for each request under way).
 */
function letGo(connect: Connector, target: Target, limitMs: number, done: Done): void {
  const made: unknown = connect(target, (...outcome) => {
    clearTimeout(timer)
    done(...outcome)
  })
  const socket = isSocket(made) ? made : undefined
  const timer = setTimeout(() => socket?.destroy(connectTimeout(limitMs)), limitMs).unref()
  if (socket === undefined) return
  // Each address that is tried is a handle of its own; over a socket that is there is none to try.
  socket.on('connectionAttempt', () => socket.unref())
  if (target.httpSocket !== undefined) socket.unref()
  socket.ref = () => socket
}

function isSocket(made: unknown): made is Socket {
  return made instanceof process.getBuiltinModule('node:net').Socket
}

/** Looks at the certificate after the handshake: with errors ignored, nobody else does. */
function withPins(pins: readonly string[], connect: Connector): Connector {
  if (pins.length === 0) return connect
  return (target, done) =>
    connect(target, (...outcome) => {
      const [error, socket] = outcome
      const fault = error === null ? refusePin(socket as TLSSocket, pins) : undefined
      if (fault === undefined) return done(...outcome)
      socket?.destroy()
      done(fault, null)
    })
}

function connectTimeout(limitMs: number): TransportError {
  return new TransportError('ERR_CONNECT_TIMEOUT', `no connection within ${limitMs} ms`)
}
