import type { TLSSocket } from 'node:tls'
import { TransportError } from './transport.ts'

/**
 * Compares the public key of whoever is at the other end with the pins.
 *
 * @param socket After its handshake.
 * @param pins Base64 of the SHA-256 of public keys.
 * @returns Why not to send; `undefined` if one of the pins is right.
 */
export function refusePin(
  socket: Pick<TLSSocket, 'getPeerX509Certificate'>,
  pins: readonly string[],
): TransportError | undefined {
  const certificate = socket.getPeerX509Certificate?.()
  const found = certificate === undefined ? 'none' : `sha256/${pinOf(certificate)}`
  if (pins.some((pin) => found === `sha256/${pin}`)) return undefined
  return new TransportError(
    'ERR_CERTIFICATE_PIN',
    `the key of the certificate (${found}) is none of certificate.pins: either somebody stands on the way, ` +
      'or TeamServer has a new key, which whoever runs it can confirm',
  )
}

/** The pin of a certificate: base64 of the SHA-256 of its SubjectPublicKeyInfo (RFC 7469, section 2.4). */
export function pinOf(certificate: import('node:crypto').X509Certificate): string {
  const { createHash } = process.getBuiltinModule('node:crypto')
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(key).digest('base64')
}
