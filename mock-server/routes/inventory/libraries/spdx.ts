import type { LibraryRecord } from '../../../inventory/library.ts'
import { MOCK_VERSION } from '../../../version.ts'
import { type Bill, uuidOf } from './cyclonedx.ts'
import { packageUrl } from './package-url.ts'

const DOCUMENT = 'SPDXRef-DOCUMENT'
const SUBJECT = 'SPDXRef-subject'

/** Nobody looked. */
const UNKNOWN = 'NOASSERTION'

/**
 * A bill of materials as SPDX 2.3 in JSON. The same libraries at the same moment give the same
 * document.
 *
 * @see https://spdx.github.io/spdx-spec/v2.3/
 */
export function spdx({ subject, isApplication, libraries, at }: Bill): object {
  // The standard has no fractions of a second.
  const created = `${at.toISOString().slice(0, 19)}Z`
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: DOCUMENT,
    name: subject.name,
    documentNamespace: `https://teamserver-engine.invalid/spdx/${uuidOf(`${subject.id} ${created}`)}`,
    creationInfo: { created, creators: [`Tool: teamserver-engine-${MOCK_VERSION}`] },
    packages: [
      {
        SPDXID: SUBJECT,
        name: subject.name,
        ...(subject.version === undefined ? {} : { versionInfo: subject.version }),
        downloadLocation: UNKNOWN,
        filesAnalyzed: false,
        primaryPackagePurpose: isApplication ? 'APPLICATION' : 'DEVICE',
        copyrightText: UNKNOWN,
        licenseConcluded: UNKNOWN,
        licenseDeclared: UNKNOWN,
      },
      ...libraries.map(packageOf),
    ],
    relationships: [
      { spdxElementId: DOCUMENT, relationshipType: 'DESCRIBES', relatedSpdxElement: SUBJECT },
      ...libraries.map((library) => ({
        spdxElementId: SUBJECT,
        relationshipType: 'DEPENDS_ON',
        relatedSpdxElement: idOf(library),
      })),
    ],
  }
}

function packageOf(library: LibraryRecord): object {
  const { name, version, license } = library
  return {
    SPDXID: idOf(library),
    name,
    ...(version === '' ? {} : { versionInfo: version }),
    downloadLocation: UNKNOWN,
    filesAnalyzed: false,
    primaryPackagePurpose: 'LIBRARY',
    copyrightText: UNKNOWN,
    licenseConcluded: UNKNOWN,
    licenseDeclared: license ?? UNKNOWN,
    externalRefs: [
      {
        referenceCategory: 'PACKAGE-MANAGER',
        referenceType: 'purl',
        referenceLocator: packageUrl(library),
      },
    ],
  }
}

function idOf({ hash }: LibraryRecord): string {
  return `SPDXRef-library-${hash}`
}
