import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { codeOf } from '../caught-error.ts'
import { TeamServerError } from '../errors.ts'

/** How a listener speaks TLS; without a certificate, one is made on the spot. */
export interface TlsOptions {
  /** The certificate, leaf first, as PEM. @default made on the spot for this machine and the host */
  readonly cert?: string | Uint8Array
  /** Its private key as PEM, without a password. */
  readonly key?: string | Uint8Array
  /** Whose client certificates are taken, as PEM. @default the authority made on the spot */
  readonly ca?: string | Uint8Array
  /** Whether clients are let in only with a certificate of `ca`. @default whether there is a `ca` */
  readonly requestCert?: boolean
}

/** A certificate with its key, as PEM. */
export interface KeyedCertificate {
  readonly cert: string
  readonly key: string
}

/** What a listener shows, and what its clients need. */
export interface ListenerCertificates {
  /** For the server of `node:https`. */
  readonly server: {
    readonly cert: string
    readonly key: string
    readonly ca?: string
    readonly requestCert: boolean
  }
  /** What clients are to trust; undefined where the certificate was brought. */
  readonly ca: string | undefined
  /** One that is let in; undefined where none is asked for, or `ca` was brought. */
  readonly clientCertificate: KeyedCertificate | undefined
}

const OPTION_NAMES = ['cert', 'key', 'ca', 'requestCert']

/**
 * Takes the certificates that were brought, and makes those that were not.
 *
 * @param host What is listened on; the certificate is for it too.
 * @throws `ERR_OPTION_INVALID`, naming the option and nothing of what it holds.
 */
export async function certificatesFor(
  host: string,
  { cert, key, ca, requestCert = ca !== undefined, ...rest }: TlsOptions,
): Promise<ListenerCertificates> {
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) {
    throw invalid(`unknown option tls.${unknown}; tls takes ${OPTION_NAMES.join(', ')}`)
  }
  if ((cert === undefined) !== (key === undefined)) {
    throw invalid('tls.cert and tls.key belong together: give both, or neither')
  }
  const isMade = cert === undefined || key === undefined
  const authority = isMade || (requestCert && ca === undefined) ? await makeAuthority() : undefined
  const own = isMade
    ? authority?.issue({ names: namesOf(host) })
    : { cert: textOf(cert), key: textOf(key) }
  const client =
    requestCert && ca === undefined ? authority?.issue({ names: ['client'] }) : undefined
  const given = ca === undefined ? undefined : textOf(ca)
  const clientAuthority = requestCert ? (given ?? authority?.cert) : undefined
  const server = {
    cert: own?.cert ?? '',
    key: own?.key ?? '',
    requestCert,
    ...(clientAuthority === undefined ? {} : { ca: clientAuthority }),
  }
  check('tls.cert and tls.key', () => createSecureContext({ cert: server.cert, key: server.key }))
  if (given !== undefined) check('tls.ca', () => new X509Certificate(given))
  return {
    server,
    ca: isMade ? authority?.cert : undefined,
    clientCertificate: client === undefined ? undefined : { cert: client.cert, key: client.key },
  }
}

/** Loaded when it is needed: most listeners speak no TLS. */
async function makeAuthority() {
  const { createAuthority } = await import('./authority.ts')
  return createAuthority('mock TeamServer')
}

function textOf(pem: string | Uint8Array): string {
  return typeof pem === 'string' ? pem : Buffer.from(pem).toString()
}

function namesOf(host: string): readonly string[] {
  return [...new Set(['localhost', '127.0.0.1', '::1', host])]
}

/** OpenSSL tells what is wrong without a word of what was read. */
function check(option: string, make: () => void): void {
  try {
    make()
  } catch (cause) {
    const reason = codeOf(cause)
    const code = reason === undefined ? '' : ` (${reason})`
    throw invalid(`${option} cannot be used${code}: give PEM, a key without a password`)
  }
}

function invalid(message: string): TeamServerError {
  return new TeamServerError('ERR_OPTION_INVALID', message)
}
