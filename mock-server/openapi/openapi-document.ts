import wire from '../../sdk/wire/schemas.json' with { type: 'json' }
import { pathOf, type Route, type RouteDescription } from '../routes/route.ts'
import { ROUTE_SCHEMAS } from '../routes/schemas.ts'
import { CSRF_HEADER, SESSION_COOKIE } from '../sessions/login-sessions.ts'
import { MOCK_VERSION } from '../version.ts'
import { catalogSchemas, schemaName } from './catalog-schemas.ts'
import { REST_SCHEMAS } from './rest-schemas.ts'

const CREDENTIALS = [{ authorization: [] }, { authorization: [], apiKey: [] }]

/** The token is asked for by whatever changes something. */
const SESSION = { session: [], csrfToken: [] }

/** Describes routes as an OpenAPI 3.1 document. What we chose ourselves is marked in each summary. */
export function openApiDocument(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const path = pathOf(route).replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mock TeamServer',
      version: MOCK_VERSION,
      description:
        'What the mock TeamServer of teamserver-engine answers. Independent work: not affiliated ' +
        'with Contrast Security. Calls marked `x-ours` are not in the public documentation.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: CREDENTIALS,
    paths,
    components: {
      securitySchemes: {
        authorization: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'base64 of `userName:serviceKey`: layer one.',
        },
        apiKey: {
          type: 'apiKey',
          in: 'header',
          name: 'API-Key',
          description: 'The organization API key: layer two, when the organization has it on.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: SESSION_COOKIE,
          description: 'Of a person who signed in: stands for both layers.',
        },
        csrfToken: {
          type: 'apiKey',
          in: 'header',
          name: CSRF_HEADER,
          description: 'What the login answered; needed with a session to change something.',
        },
      },
      schemas: {
        ...catalogSchemas(routes.map(({ description }) => description.answer ?? '')),
        ...schemasOf(...ROUTE_SCHEMAS, wire),
        ...REST_SCHEMAS,
      },
    },
  }
}

function operation(route: Route): object {
  const { method, path, access, description, isBodyOptional } = route
  const { summary, isOurs, request, answer, answerStatus = 200 } = description
  const done = { description: 'Done.', content: answerContent(answer, description) }
  return {
    operationId: operationId(method, route.base === undefined ? path : pathOf(route)),
    summary,
    ...(isOurs ? { 'x-ours': true } : {}),
    ...(access === 'anyone' ? { security: [] } : {}),
    ...(access === 'anyone' || access === 'agents' ? {} : { security: [...CREDENTIALS, SESSION] }),
    tags: [access === 'anyone' ? 'about' : access === 'agents' ? 'engine' : 'rest'],
    parameters: parameters(path, description),
    ...(request === undefined
      ? {}
      : { requestBody: { required: isBodyOptional !== true, content: jsonContent(request) } }),
    responses: {
      ...Object.fromEntries([answerStatus].flat().map((status) => [status, done])),
      ...(access === 'anyone' && request === undefined
        ? {}
        : { default: { description: 'Refused.', content: jsonContent('Refusal') } }),
    },
  }
}

function parameters(path: string, { query = {} }: RouteDescription): readonly object[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    ...(name === 'org' ? { description: 'The id of the organization.' } : {}),
    schema: { type: 'string' },
  }))
  const inQuery = Object.entries(query).map(([name, description]) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
  }))
  return [...inPath, ...inQuery]
}

function answerContent(answer: string | undefined, { answerType }: RouteDescription): object {
  if (answer !== undefined) return jsonContent(answer)
  const types = [answerType ?? 'application/json'].flat()
  return Object.fromEntries(types.map((type) => [type, { schema: {} }]))
}

function jsonContent(schema: string): object {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schemaName(schema)}` } } }
}

function operationId(method: string, path: string): string {
  const words = path.split(/[/:_-]+/).filter((word) => word !== '')
  return [
    method.toLowerCase(),
    ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)),
  ].join('')
}

/** The shapes of these files, with their references pointing to where they stand in this document. */
function schemasOf(...files: readonly { readonly $defs: object }[]): object {
  const text = JSON.stringify(Object.assign({}, ...files.map(({ $defs }) => $defs)))
  return JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/'))
}
