/**
 * What a document in SPDX 2.3 has to be, as far as ours has it, written down from the specification
 * (clauses 6, 7 and 11) and its JSON schema: no package of a registry carries that schema.
 *
 * @see https://spdx.github.io/spdx-spec/v2.3/
 */
export const SPDX_2_3 = {
  $id: 'spdx-2.3',
  type: 'object',
  additionalProperties: false,
  required: ['spdxVersion', 'dataLicense', 'SPDXID', 'name', 'documentNamespace', 'creationInfo'],
  properties: {
    spdxVersion: { const: 'SPDX-2.3' },
    dataLicense: { const: 'CC0-1.0' },
    SPDXID: { const: 'SPDXRef-DOCUMENT' },
    name: { type: 'string', minLength: 1 },
    documentNamespace: { type: 'string', pattern: '^https?://[^#\\s]+$' },
    creationInfo: {
      type: 'object',
      additionalProperties: false,
      required: ['created', 'creators'],
      properties: {
        created: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$' },
        creators: {
          type: 'array',
          minItems: 1,
          items: { type: 'string', pattern: '^(Tool|Person|Organization): \\S' },
        },
      },
    },
    packages: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['SPDXID', 'name', 'downloadLocation'],
        properties: {
          SPDXID: { $ref: '#/$defs/Id' },
          name: { type: 'string', minLength: 1 },
          versionInfo: { type: 'string', minLength: 1 },
          downloadLocation: { enum: ['NOASSERTION', 'NONE'] },
          // With files analyzed a verification code would have to be there.
          filesAnalyzed: { const: false },
          primaryPackagePurpose: {
            enum: [
              'OTHER',
              'INSTALL',
              'ARCHIVE',
              'FIRMWARE',
              'APPLICATION',
              'FRAMEWORK',
              'LIBRARY',
              'CONTAINER',
              'SOURCE',
              'DEVICE',
              'OPERATING_SYSTEM',
              'FILE',
            ],
          },
          copyrightText: { type: 'string' },
          licenseConcluded: { type: 'string', minLength: 1 },
          licenseDeclared: { type: 'string', minLength: 1 },
          externalRefs: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['referenceCategory', 'referenceType', 'referenceLocator'],
              properties: {
                referenceCategory: {
                  enum: ['OTHER', 'PERSISTENT-ID', 'SECURITY', 'PACKAGE-MANAGER'],
                },
                referenceType: { const: 'purl' },
                referenceLocator: { type: 'string', pattern: '^pkg:[a-z]+/\\S+$' },
              },
            },
          },
        },
      },
    },
    relationships: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['spdxElementId', 'relationshipType', 'relatedSpdxElement'],
        properties: {
          spdxElementId: { $ref: '#/$defs/Id' },
          relationshipType: { enum: ['DESCRIBES', 'DEPENDS_ON'] },
          relatedSpdxElement: { $ref: '#/$defs/Id' },
        },
      },
    },
  },
  $defs: {
    Id: { type: 'string', pattern: '^SPDXRef-[a-zA-Z0-9.-]+$' },
  },
} as const
