import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { TlsSettings } from '../transport/network.ts'
import { pinOf } from '../transport/pin.ts'

const DAY_MS = 86_400_000

/** A certificate that ends sooner is worth a word. */
const SOON_DAYS = 21

/** What people want to know of a TLS connection: version, issuer, end, key. */
export function describeCertificate(
  socket: Socket,
  { pins, areErrorsIgnored }: TlsSettings,
): string {
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined
  if (certificate === undefined || !(socket instanceof TLSSocket)) return 'no certificate'
  const pin = pinOf(certificate)
  const isPinned = pins.includes(pin)
  return [
    socket.getProtocol() ?? 'TLS',
    `certificate of ${oneLine(certificate.subject)} for ${certificate.subjectAltName ?? 'no name'}`,
    `issued by ${oneLine(certificate.issuer)}`,
    endOf(new Date(certificate.validTo)),
    `pin sha256/${pin}${isPinned ? ', as certificate.pins has it' : ''}`,
    ...(areErrorsIgnored && !isPinned ? ['not checked: errors are ignored'] : []),
  ].join('; ')
}

function endOf(end: Date): string {
  const days = Math.floor((end.getTime() - Date.now()) / DAY_MS)
  const day = end.toISOString().slice(0, 10)
  if (days < 0) return `ended ${day}`
  return days < SOON_DAYS ? `ends ${day}, in ${days} days: have it renewed` : `ends ${day}`
}

/** Names stand on lines of their own. Whoever made the certificate wrote them. */
function oneLine(name: string | undefined): string {
  const line = (name ?? '').replaceAll('\n', ', ').replace(/[^\x20-\x7e]/g, '?')
  return line.slice(0, 200) || 'nobody'
}
