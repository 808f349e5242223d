import { resolve } from 'node:path'
import { shield } from '../credentials/shield.ts'
import { EngineError } from '../errors.ts'
import type { TlsSettings } from '../transport/network.ts'
import type { Lookup } from './lookup.ts'
import type { SettingName } from './settings.ts'
import { readSmallFile } from './small-file.ts'
import { CODE_OF_SOURCE, type Given, type Notice } from './source.ts'

/** The certificates as they were configured. */
export interface CertificateConfiguration {
  readonly isEnabled: boolean
  readonly caFile?: string | undefined
  readonly certFile?: string | undefined
  readonly keyFile?: string | undefined
  readonly keyPassword?: string | undefined
  readonly ignoreCertErrors: boolean
  readonly pins: readonly string[]
}

/** Node's own list of authorities is 230 KB. */
const FILE_LIMIT_BYTES = 1_048_576

const SECTION = [
  'certificate.caFile',
  'certificate.certFile',
  'certificate.keyFile',
  'certificate.keyPassword',
  'certificate.ignoreCertErrors',
  'certificate.pins',
] as const satisfies SettingName[]

/**
 * Reads the settings of certificates, and the files that they name.
 *
 * @throws {EngineError} with the code of the source, naming setting and file and nothing of their contents.
 */
export function certificateOf(
  lookup: Lookup,
  cwd: string,
): {
  readonly configuration: CertificateConfiguration
  readonly tls: TlsSettings
  readonly notices: readonly Notice[]
} {
  const { read, need, find } = lookup
  const isSaid = SECTION.some((name) => (find(name)?.origin.source ?? 'default') !== 'default')
  if (read('certificate.isEnabled') === false || !isSaid) {
    return {
      configuration: Object.freeze({ isEnabled: false, ignoreCertErrors: false, pins: [] }),
      tls: Object.freeze({ areErrorsIgnored: false, pins: [] }),
      notices: [],
    }
  }
  const ca = pemOf(lookup, 'certificate.caFile', cwd)
  const cert = pemOf(lookup, 'certificate.certFile', cwd)
  const key = pemOf(lookup, 'certificate.keyFile', cwd)
  const keyPassword = read('certificate.keyPassword')
  const ignoreCertErrors = need('certificate.ignoreCertErrors')
  const pins = need('certificate.pins')
  checkAuthorities(ca)
  checkClientCertificate(cert, key, keyPassword)
  const configuration: CertificateConfiguration = {
    isEnabled: true,
    caFile: read('certificate.caFile'),
    certFile: read('certificate.certFile'),
    keyFile: read('certificate.keyFile'),
    keyPassword,
    ignoreCertErrors,
    pins,
  }
  const tls: TlsSettings = {
    ...(ca !== undefined && { ca: ca.pem }),
    ...(cert !== undefined && { cert: cert.pem }),
    ...(key !== undefined && { key: key.pem }),
    ...(keyPassword !== undefined && key !== undefined && { passphrase: keyPassword }),
    areErrorsIgnored: ignoreCertErrors,
    pins,
  }
  return {
    configuration: shield(configuration, ['keyPassword']),
    tls: shield(tls, ['key', 'passphrase']),
    notices: ignoreCertErrors ? noticesOfIgnored(find('certificate.ignoreCertErrors'), pins) : [],
  }
}

interface Pem {
  readonly given: Given
  readonly path: string
  readonly pem: string
}

function pemOf({ read, find }: Lookup, name: PemSetting, cwd: string): Pem | undefined {
  const [file, given] = [read(name), find(name)]
  if (file === undefined || given === undefined) return undefined
  const path = resolve(given.folder ?? cwd, file)
  const found = readSmallFile(path, FILE_LIMIT_BYTES)
  if (found.status === 'read') return { given, path, pem: found.bytes.toString('latin1') }
  throw unusable({ given, path }, found.status === 'missing' ? 'does not exist' : found.why)
}

type PemSetting = 'certificate.caFile' | 'certificate.certFile' | 'certificate.keyFile'

function checkAuthorities(ca: Pem | undefined): void {
  if (ca !== undefined) checkCertificates(ca)
}

function checkClientCertificate(
  cert: Pem | undefined,
  key: Pem | undefined,
  password: string | undefined,
): void {
  if (cert === undefined && key === undefined) return
  if (cert === undefined || key === undefined) {
    const [there, missing] = cert === undefined ? [key, 'certFile'] : [cert, 'keyFile']
    if (there === undefined) return
    throw unusable(there, `is of no use alone: give certificate.${missing} too`)
  }
  const certificate = checkCertificates(cert)
  const { createPrivateKey } = process.getBuiltinModule('node:crypto')
  const privateKey = orElse(
    () =>
      createPrivateKey({ key: key.pem, ...(password !== undefined && { passphrase: password }) }),
    () => unusable(key, whyNoKey(key.pem, password)),
  )
  if (!certificate.checkPrivateKey(privateKey)) {
    throw unusable(key, `is not the key of the certificate in ${cert.path}`)
  }
}

/** @returns The first one. */
function checkCertificates(file: Pem) {
  const { X509Certificate } = process.getBuiltinModule('node:crypto')
  const blocks = file.pem.match(CERTIFICATE) ?? []
  const certificates = blocks.map((block, index) =>
    orElse(
      () => new X509Certificate(block),
      () => unusable(file, `holds a damaged certificate (the ${index + 1}. of ${blocks.length})`),
    ),
  )
  const [first] = certificates
  if (first !== undefined) return first
  const what = /PRIVATE KEY-----/.test(file.pem) ? 'a key and no certificate' : 'no certificate'
  throw unusable(file, `holds ${what} in PEM, which begins with -----BEGIN CERTIFICATE-----`)
}

const CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END [^-]*-----/g

function whyNoKey(pem: string, password: string | undefined): string {
  if (!/PRIVATE KEY-----/.test(pem)) {
    return 'holds no private key in PEM, which begins with -----BEGIN PRIVATE KEY-----'
  }
  if (!/ENCRYPTED/.test(pem)) return 'holds a damaged private key'
  return password === undefined
    ? 'is encrypted: give its password as certificate.keyPassword'
    : 'cannot be decrypted: certificate.keyPassword is wrong, or the file is damaged'
}

/** What OpenSSL says of a file may quote it: our own words take its place. */
function orElse<Value>(make: () => Value, problem: () => EngineError): Value {
  try {
    return make()
  } catch {
    throw problem()
  }
}

function unusable({ given, path }: Pick<Pem, 'given' | 'path'>, why: string): EngineError {
  const { source, where } = given.origin
  return new EngineError(CODE_OF_SOURCE[source], `${where}: the file ${path} ${why}`)
}

function noticesOfIgnored(given: Given | undefined, pins: readonly string[]): readonly Notice[] {
  const text = `${given?.origin.where} is true: certificates are not checked`
  return pins.length > 0
    ? [{ level: 'info', text: `${text}, save for certificate.pins` }]
    : [
        {
          level: 'warn',
          text: `${text}, and whoever stands on the way can read the keys; give certificate.caFile or certificate.pins instead`,
        },
      ]
}
