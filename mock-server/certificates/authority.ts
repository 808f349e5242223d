import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  Extension,
  Extensions,
  GeneralName,
  id_ce_basicConstraints,
  id_ce_subjectAltName,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
} from '@peculiar/asn1-x509'

/** A certificate with its key, as PEM. */
export interface Issued {
  readonly cert: string
  readonly key: string
  /** `sha256/<base64>`: what an engine pins it by. */
  readonly pin: string
  /** The key under a password. */
  keyUnder(password: string): string
}

export interface CertificateWishes {
  /** DNS names and addresses. @default localhost, 127.0.0.1 and ::1 */
  readonly names?: readonly string[]
  readonly notBefore?: Date
  /** @default a day from now */
  readonly notAfter?: Date
}

export interface Authority extends Issued {
  issue(wishes?: CertificateWishes): Issued
}

/** Makes a certificate authority on the spot: its key never leaves this process. */
export function createAuthority(name = 'Test Authority'): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const self = { name, key: keys.privateKey }
  const own = certify(keys.publicKey, self, { subject: name, isAuthority: true })
  return {
    ...issuedOf(own, keys.privateKey, keys.publicKey),
    issue(wishes = {}) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const cert = certify(publicKey, self, { subject: 'Test Server', ...wishes })
      return issuedOf(cert, privateKey, publicKey)
    },
  }
}

/** A certificate that vouches for itself. */
export function createSelfSigned(wishes: CertificateWishes = {}): Issued {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const subject = 'Test Server'
  const cert = certify(publicKey, { name: subject, key: privateKey }, { subject, ...wishes })
  return issuedOf(cert, privateKey, publicKey)
}

function issuedOf(cert: string, privateKey: KeyObject, publicKey: KeyObject): Issued {
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return {
    cert,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    pin: `sha256/${createHash('sha256').update(spki).digest('base64')}`,
    keyUnder: (passphrase) =>
      privateKey
        .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
        .toString(),
  }
}

const DAY_MS = 86_400_000

function certify(
  publicKey: KeyObject,
  issuer: { readonly name: string; readonly key: KeyObject },
  wishes: CertificateWishes & { readonly subject: string; readonly isAuthority?: boolean },
): string {
  const { names = ['localhost', '127.0.0.1', '::1'] } = wishes
  const notAfter = wishes.notAfter ?? new Date(Date.now() + DAY_MS)
  const notBefore = wishes.notBefore ?? new Date(Math.min(Date.now(), notAfter.getTime()) - DAY_MS)
  const tbsCertificate = new TBSCertificate({
    version: 2,
    // Positive, and at most 20 bytes (RFC 5280, section 4.1.2.2).
    serialNumber: bufferOf(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    signature: ECDSA_WITH_SHA256,
    issuer: nameOf(issuer.name),
    validity: new Validity({ notBefore, notAfter }),
    subject: nameOf(wishes.subject),
    subjectPublicKeyInfo: AsnConvert.parse(
      publicKey.export({ type: 'spki', format: 'der' }),
      SubjectPublicKeyInfo,
    ),
    extensions: new Extensions([
      wishes.isAuthority
        ? extension(id_ce_basicConstraints, new BasicConstraints({ cA: true }), true)
        : extension(id_ce_subjectAltName, new SubjectAlternativeName(names.map(generalName))),
    ]),
  })
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(tbsCertificate)), issuer.key)
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: ECDSA_WITH_SHA256,
    signatureValue: bufferOf(signature),
  })
  const base64 = Buffer.from(AsnConvert.serialize(certificate)).toString('base64')
  const lines = base64.replace(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}

const ECDSA_WITH_SHA256 = new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' })
const COMMON_NAME = '2.5.4.3'

function nameOf(commonName: string): Name {
  const value = new AttributeValue({ utf8String: commonName })
  return new Name([
    new RelativeDistinguishedName([new AttributeTypeAndValue({ type: COMMON_NAME, value })]),
  ])
}

function generalName(name: string): GeneralName {
  return new GeneralName(/^[\d.]+$|:/.test(name) ? { iPAddress: name } : { dNSName: name })
}

function extension(extnID: string, value: object, critical = false): Extension {
  return new Extension({
    extnID,
    critical,
    extnValue: new OctetString(AsnConvert.serialize(value)),
  })
}

/** A copy that is all of its buffer. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
