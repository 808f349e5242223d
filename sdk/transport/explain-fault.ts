import { codeOf, isError } from '../caught-error.ts'
import { describeFault } from './describe-fault.ts'
import type { ProxyServer } from './network.ts'
import { TransportError } from './transport.ts'
import { proxyFault } from './tunnel.ts'

/**
 * Puts the cause and the way out behind what a system, OpenSSL or undici says in code.
 *
 * @param url Where the request was to go.
 * @returns An error with the code of the fault, whose message is for people; what is known already, and
 *   what nobody can say more about, as it was.
 */
export function explainFault(error: unknown, url: string, proxy?: ProxyServer): unknown {
  if (error instanceof TransportError) return error
  const isPlain = url.startsWith('http:')
  if (proxy !== undefined && isPlain && isOfConnection(error)) return proxyFault(proxy, error)
  const code = codeOf(error)
  const { host, hostname } = new URL(url)
  const words =
    (code !== undefined && Object.hasOwn(BY_CODE, code) ? BY_CODE[code]?.(hostname) : undefined) ??
    (isPlain ? explainPlain(error, code) : explainTls(error, code, host))
  if (words === undefined) return error
  const explained = new Error(`${describeFault(error)}: ${words}`, { cause: error })
  return Object.assign(explained, { code })
}

const CA_FILE =
  'If it is the right one, give the certificate of its authority as certificate.caFile'

const UNKNOWN_ISSUER = () =>
  `nobody known here vouches for the certificate of TeamServer. ${CA_FILE}`

const CLIENT_CERTIFICATE = () =>
  'TeamServer did not take the certificate of this engine, or wants one: see certificate.certFile and certificate.keyFile'

const BY_CODE: Readonly<Record<string, (host: string) => string>> = {
  ENOTFOUND: (host) => `the name ${host} is not known. Check the host of url`,
  EAI_AGAIN: (host) => `the name ${host} cannot be looked up now: no name server answers`,
  ECONNREFUSED: () => 'nobody listens there. Check host and port of url',
  EHOSTUNREACH: () => 'there is no way there from this machine. Check its network, or set a proxy',
  ENETUNREACH: () => 'there is no way there from this machine. Check its network, or set a proxy',
  DEPTH_ZERO_SELF_SIGNED_CERT: () =>
    'the certificate of TeamServer is self-signed. If it is the right one, give it as certificate.caFile',
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_ISSUER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_ISSUER,
  CERT_HAS_EXPIRED: () =>
    'the certificate of TeamServer has expired. Whoever runs it has to renew it; or the clock of this machine is wrong',
  CERT_NOT_YET_VALID: () =>
    'the certificate of TeamServer is not valid yet: perhaps the clock of this machine is wrong',
  CERT_REVOKED: () => 'the certificate of TeamServer was revoked. Whoever runs it has to renew it',
  ERR_TLS_CERT_ALTNAME_INVALID: (host) =>
    `the certificate belongs to another host than ${host}. Check the host of url, or have it renewed with that name`,
  UND_ERR_HEADERS_OVERFLOW: () => 'the head of the answer is larger than 16 KiB',
}

/** An alert or a handshake, as a port that speaks TLS answers plain http. */
function explainPlain(error: unknown, code: string | undefined): string | undefined {
  if (!isError(error)) return undefined
  if ('data' in error && /^[\x15\x16]\x03/.test(String(error.data))) {
    return 'this port speaks TLS. Write https:// in url'
  }
  const isClosed = code === 'ECONNRESET' || (code === 'UND_ERR_SOCKET' && readBytes(error) === 0)
  if (!isClosed) return undefined
  return 'the connection was closed without an answer. If this port speaks TLS, write https:// in url'
}

function explainTls(error: unknown, code: string | undefined, host: string): string | undefined {
  const text = `${code} ${isError(error) ? error.message : ''}`
  if (/wrong.version.number|packet.length.too.long|http.request/i.test(text)) {
    return `port ${new URL(`https://${host}`).port || '443'} does not speak TLS. Write http:// in url, or the port that does`
  }
  if (/unsupported.protocol|protocol.version|no.protocols.available/i.test(text)) {
    return 'TeamServer offers no TLS as new as 1.2, which is the oldest that is spoken here'
  }
  return /alert.(?:number.)?(?:bad.cert|certificate|unknown.ca|handshake)|certificate.required/i.test(
    text,
  )
    ? CLIENT_CERTIFICATE()
    : undefined
}

/** undici tells how much came before the end. */
function readBytes(error: Error): number | undefined {
  const socket: unknown = 'socket' in error ? error.socket : undefined
  if (typeof socket !== 'object' || socket === null || !('bytesRead' in socket)) return undefined
  return typeof socket.bytesRead === 'number' ? socket.bytesRead : undefined
}

function isOfConnection(error: unknown): boolean {
  const code = codeOf(error) ?? ''
  return /^(E[A-Z]+|CERT_|DEPTH_|SELF_|UNABLE_|ERR_TLS|ERR_SSL|UND_ERR_SOCKET)/.test(code)
}
