import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { packageUrl } from '../../../../mock-server/routes/inventory/libraries/package-url.ts'
import { MOCK_VERSION } from '../../../../mock-server/version.ts'
import { createEstate } from './estate.ts'
import bom from './schemas/bom-1.5.schema.json' with { type: 'json' }
import jsf from './schemas/jsf-0.82.schema.json' with { type: 'json' }
import spdxIds from './schemas/spdx.schema.json' with { type: 'json' }
import { SPDX_2_3 } from './spdx-document.ts'

const SHA_512 = 'ab'.repeat(64)
const INTEGRITY = `sha512-${Buffer.from(SHA_512, 'hex').toString('base64')}`

async function createShop() {
  const estate = await createEstate()
  const app = await estate.announce(
    'shop',
    { name: 'web-1', path: '/srv', type: 'node', environment: 'QA' },
    { version: '3.1.0' },
  )
  await estate.report(
    [
      { type: 'library', name: 'lodash', version: '4.17.11', license: 'MIT', hash: INTEGRITY },
      { type: 'library', name: '@scope/kit', version: '', license: 'MIT OR Apache-2.0' },
      { type: 'library', name: 'a b/ü', version: '1+2', language: 'Go' },
    ],
    { application: 'shop' },
  )
  const { store } = estate.teamServer
  const [lodash] = await store.libraries(estate.shop.id)
  await store.changeLibrary(estate.shop.id, lodash?.hash ?? '', (before) => ({
    ...before,
    weaknesses: [{ name: 'CVE-2019-10744', description: 'pollution', severity: 'critical' }],
  }))
  return { ...estate, app }
}

/** The schema's references name the files of its project. */
function cycloneDxValidator() {
  const ajv = new Ajv({ strict: false, validateFormats: false })
  ajv.addSchema(jsf, 'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json')
  ajv.addSchema(spdxIds, 'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json')
  return ajv.compile(bom)
}

test.each(['cyclonedx', 'CycloneDX'])('%s is valid CycloneDX 1.5', async (word) => {
  const { app, read, shop } = await createShop()
  const validate = cycloneDxValidator()
  for (const path of [`/applications/${app}`, '/servers/1']) {
    validate(await read(`${path}/libraries/sbom/${word}`))
    expect(validate.errors).toBe(null)
  }
  expect(validate({ bomFormat: 'CycloneDX', specVersion: '1.5', components: [{}] })).toBe(false)
  const document = await read(`/applications/${app}/libraries/sbom/cyclonedx`)
  expect(document.metadata).toEqual({
    timestamp: '2026-03-01T12:00:00.000Z',
    tools: {
      components: [{ type: 'application', name: 'teamserver-engine', version: MOCK_VERSION }],
    },
    component: { type: 'application', 'bom-ref': app, name: 'shop', version: '3.1.0' },
  })
  const [lodash, ...others] = document.components as readonly Record<string, unknown>[]
  expect(lodash).toEqual({
    type: 'library',
    'bom-ref': expect.stringMatching(/^[0-9a-f]{40}$/),
    name: 'lodash',
    version: '4.17.11',
    purl: 'pkg:npm/lodash@4.17.11',
    licenses: [{ expression: 'MIT' }],
    hashes: [{ alg: 'SHA-512', content: SHA_512 }],
  })
  expect(others).toMatchObject([
    { purl: 'pkg:npm/%40scope/kit', licenses: [{ expression: 'MIT OR Apache-2.0' }] },
    { purl: 'pkg:golang/a%20b/%C3%BC@1%2B2' },
  ])
  expect(document.vulnerabilities).toEqual([
    {
      id: 'CVE-2019-10744',
      description: 'pollution',
      ratings: [{ severity: 'critical' }],
      affects: [{ ref: lodash?.['bom-ref'] }],
    },
  ])
  expect(await read(`/applications/${app}/libraries/sbom/cyclonedx`)).toEqual(document)
  expect(shop.name).toBe('Shop')
})

test('spdx is SPDX 2.3, and everything it names is in it', async () => {
  const { app, read } = await createShop()
  const validate = new Ajv({ strict: false }).compile(SPDX_2_3)
  for (const path of [`/applications/${app}`, '/servers/1']) {
    const document = await read(`${path}/libraries/sbom/SPDX`)
    validate(document)
    expect(validate.errors ?? null).toBe(null)
    const packages = document.packages as readonly { readonly SPDXID: string }[]
    const ids = ['SPDXRef-DOCUMENT', ...packages.map(({ SPDXID }) => SPDXID)]
    expect(new Set(ids).size).toBe(5)
    const relations = document.relationships as readonly Record<string, string>[]
    expect(relations.map((each) => each.relatedSpdxElement).sort()).toEqual(ids.slice(1).sort())
    expect(relations.every((each) => ids.includes(each.spdxElementId ?? ''))).toBe(true)
  }
  const { packages, creationInfo } = await read(`/applications/${app}/libraries/sbom/spdx`)
  expect(creationInfo).toEqual({
    created: '2026-03-01T12:00:00Z',
    creators: [`Tool: teamserver-engine-${MOCK_VERSION}`],
  })
  expect((packages as readonly unknown[])[1]).toEqual({
    SPDXID: expect.stringMatching(/^SPDXRef-library-[0-9a-f]{40}$/),
    name: 'lodash',
    versionInfo: '4.17.11',
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    primaryPackagePurpose: 'LIBRARY',
    copyrightText: 'NOASSERTION',
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: 'MIT',
    externalRefs: [
      {
        referenceCategory: 'PACKAGE-MANAGER',
        referenceType: 'purl',
        referenceLocator: 'pkg:npm/lodash@4.17.11',
      },
    ],
  })
})

test('there is no bill of materials in another format, or of what is not there', async () => {
  const { app, call } = await createShop()
  expect((await call('GET', `/applications/${app}/libraries/sbom/swid`)).status).toBe(404)
  expect((await call('GET', `/applications/${app}/libraries/sbom/constructor`)).status).toBe(404)
  expect((await call('GET', '/applications/none/libraries/sbom/spdx')).status).toBe(404)
})

test.each([
  ['Node', '@scope/kit', '1.0.0', 'pkg:npm/%40scope/kit@1.0.0'],
  ['Java', 'org.slf4j:slf4j-api', '2.0.1', 'pkg:maven/org.slf4j/slf4j-api@2.0.1'],
  ['.NET', 'Newtonsoft.Json', '13.0.3', 'pkg:nuget/Newtonsoft.Json@13.0.3'],
  ['Cobol', 'copy book', '', 'pkg:generic/copy%20book'],
])('the package URL of %s %s %s is %s', (language, name, version, url) => {
  expect(packageUrl({ language, name, version })).toBe(url)
})
