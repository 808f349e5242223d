import { createHash } from 'node:crypto'
import type { LibraryRecord } from '../../../inventory/library.ts'
import { ownValue } from '../../../own-value.ts'
import { MOCK_VERSION } from '../../../version.ts'
import { packageUrl } from './package-url.ts'

/** What a bill of materials is about. */
export interface Bill {
  /** What holds the libraries: an application or a server. */
  readonly subject: { readonly id: string; readonly name: string; readonly version?: string }
  readonly isApplication: boolean
  readonly libraries: readonly LibraryRecord[]
  readonly at: Date
}

/**
 * A bill of materials as CycloneDX 1.5 in JSON. The same libraries at the same moment give the same
 * document.
 *
 * @see https://cyclonedx.org/docs/1.5/json/
 */
export function cycloneDx({ subject, isApplication, libraries, at }: Bill): object {
  const timestamp = at.toISOString()
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${uuidOf(`${subject.id} ${timestamp}`)}`,
    version: 1,
    metadata: {
      timestamp,
      tools: {
        components: [{ type: 'application', name: 'teamserver-engine', version: MOCK_VERSION }],
      },
      component: {
        type: isApplication ? 'application' : 'device',
        'bom-ref': subject.id,
        name: subject.name,
        ...(subject.version === undefined ? {} : { version: subject.version }),
      },
    },
    components: libraries.map(component),
    dependencies: [
      { ref: subject.id, dependsOn: libraries.map(({ hash }) => hash) },
      ...libraries.map(({ hash }) => ({ ref: hash, dependsOn: [] })),
    ],
    vulnerabilities: libraries.flatMap(({ hash, weaknesses }) =>
      weaknesses.map(({ name, description, severity }) => ({
        id: name,
        description,
        ratings: [{ severity }],
        affects: [{ ref: hash }],
      })),
    ),
  }
}

function component(library: LibraryRecord): object {
  const { hash, name, version, license, integrity } = library
  const hashes = hashesOf(integrity)
  return {
    type: 'library',
    'bom-ref': hash,
    name,
    version,
    purl: packageUrl(library),
    ...(license === undefined ? {} : { licenses: [{ expression: license }] }),
    ...(hashes.length === 0 ? {} : { hashes }),
  }
}

const ALGORITHMS: Readonly<Record<string, readonly [name: string, bytes: number]>> = {
  sha1: ['SHA-1', 20],
  sha256: ['SHA-256', 32],
  sha384: ['SHA-384', 48],
  sha512: ['SHA-512', 64],
}

/** Integrity as npm writes it, `sha512-<base64>`, as digests in hexadecimal. */
function hashesOf(integrity: string | undefined): readonly object[] {
  return (integrity ?? '').split(/\s+/).flatMap((each) => {
    const [algorithm = '', digest = ''] = each.split(/-(.*)/s)
    const [alg, length] = ownValue(ALGORITHMS, algorithm) ?? []
    const bytes = Buffer.from(digest, 'base64')
    return alg === undefined || bytes.length !== length
      ? []
      : [{ alg, content: bytes.toString('hex') }]
  })
}

/** A UUID (version 8, RFC 9562) that is the same for the same text. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`]
  return `${parts.join('-')}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
