// What the mocks that are set up by files are told: to take a report whose two headers are right and whose
// body looks like a batch, as far as each of them can.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ACCEPTED, FIXED_CREDENTIALS, REPORTS_PATH } from './report.mjs'

/** Both headers by rules; the body is not looked at. @param {number} port */
export function mockoonEnvironment(port) {
  const rules = Object.entries(FIXED_CREDENTIALS).map(([modifier, value]) => ({
    target: 'header',
    modifier,
    value,
    invert: false,
    operator: 'equals',
  }))
  const answer = (/** @type {object} */ more) => ({
    latency: 0,
    headers: [{ key: 'content-type', value: 'application/json; charset=utf-8' }],
    bodyType: 'INLINE',
    filePath: '',
    databucketID: '',
    sendFileAsBody: false,
    rulesOperator: 'AND',
    disableTemplating: true,
    fallbackTo404: false,
    crudKey: 'id',
    callbacks: [],
    ...more,
  })
  return {
    uuid: '5f0c9a52-8c0c-4b56-9d5b-2b1f54b7f001',
    lastMigration: 33,
    name: 'bench',
    endpointPrefix: '',
    latency: 0,
    port,
    hostname: '127.0.0.1',
    folders: [],
    routes: [
      {
        uuid: '5f0c9a52-8c0c-4b56-9d5b-2b1f54b7f002',
        type: 'http',
        documentation: '',
        method: 'post',
        endpoint: REPORTS_PATH.slice(1),
        responses: [
          answer({
            uuid: '5f0c9a52-8c0c-4b56-9d5b-2b1f54b7f003',
            statusCode: 202,
            label: '',
            body: ACCEPTED,
            rules,
            default: false,
          }),
          answer({
            uuid: '5f0c9a52-8c0c-4b56-9d5b-2b1f54b7f004',
            statusCode: 401,
            label: '',
            body: '{"success":false}',
            rules: [],
            default: true,
          }),
        ],
        responseMode: null,
        streamingMode: null,
        streamingInterval: 0,
      },
    ],
    rootChildren: [{ type: 'route', uuid: '5f0c9a52-8c0c-4b56-9d5b-2b1f54b7f002' }],
    proxyMode: false,
    proxyHost: '',
    proxyRemovePrefix: false,
    tlsOptions: { enabled: false },
    cors: false,
    headers: [],
    proxyReqHeaders: [],
    proxyResHeaders: [],
    data: [],
    callbacks: [],
  }
}

/** That both headers are there, and the shape of the body; their values cannot be told to it. */
export function prismDocument() {
  return {
    openapi: '3.0.3',
    info: { title: 'bench', version: '1' },
    paths: {
      [REPORTS_PATH]: {
        post: {
          security: [{ agent: [], organization: [] }],
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['reports'],
                  properties: {
                    reports: {
                      type: 'array',
                      minItems: 1,
                      items: {
                        type: 'object',
                        required: ['id', 'type', 'rule', 'severity', 'title'],
                        properties: Object.fromEntries(
                          ['id', 'type', 'rule', 'severity', 'title', 'url'].map((name) => [
                            name,
                            { type: 'string' },
                          ]),
                        ),
                      },
                    },
                  },
                },
              },
            },
          },
          responses: {
            202: {
              description: 'taken',
              content: { 'application/json': { example: JSON.parse(ACCEPTED) } },
            },
          },
        },
      },
    },
    components: {
      securitySchemes: {
        agent: { type: 'apiKey', in: 'header', name: 'Authorization' },
        organization: { type: 'apiKey', in: 'header', name: 'API-Key' },
      },
    },
  }
}

/** Both headers by value, the body by a path in it. @param {string} root */
export function wireMockMapping(root) {
  mkdirSync(join(root, 'mappings'), { recursive: true })
  const mapping = {
    request: {
      method: 'POST',
      urlPath: REPORTS_PATH,
      headers: Object.fromEntries(
        Object.entries(FIXED_CREDENTIALS).map(([name, equalTo]) => [name, { equalTo }]),
      ),
      bodyPatterns: [{ matchesJsonPath: '$.reports[0].id' }],
    },
    response: {
      status: 202,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: ACCEPTED,
    },
  }
  writeFileSync(join(root, 'mappings/reports.json'), JSON.stringify(mapping))
}
