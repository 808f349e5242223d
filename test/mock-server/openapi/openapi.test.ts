import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, expect, test } from 'vitest'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { ROUTES } from '../../../mock-server/routes/index.ts'
import { pathOf, type Route } from '../../../mock-server/routes/route.ts'
import { ask, askAt } from '../ask.ts'
import { createAudience, questionFor } from '../questions/questions.ts'
import { createShop } from '../shop.ts'

interface Media {
  readonly schema: object
}

interface Operation {
  readonly operationId: string
  readonly security?: readonly object[]
  readonly parameters: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: {
    readonly required: boolean
    readonly content: Readonly<Record<string, Media>>
  }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, Media>> }>
  >
}

interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: object
}

let teamServer: TeamServer
let shop: Organization
let document: Document
let ajv: Ajv2020

beforeAll(async () => {
  ;({ teamServer, shop } = await createShop({ scryptCost: 1_024 }))
  document = (await ask(teamServer, 'GET', '/openapi.json')).body as Document
  ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
  ajv.addSchema({ $id: 'document.json', ...document })
}, 120_000)

test('the document is served to anyone and is valid OpenAPI 3.1', async () => {
  expect(document.openapi).toBe('3.1.0')
  const result = await new Validator().validate({ ...structuredClone(document) })
  expect(result).toEqual({ valid: true })
})

test('every route is described, and nothing else', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const routes = ROUTES.map((route) => `${route.method} ${describedPath(route)}`)
  expect(routes.length).toBeGreaterThan(15)
  expect(described.sort()).toEqual(routes.sort())
})

test('each operation has a name of its own, and its path variables are parameters', () => {
  const names = new Set<string>()
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const { operationId, parameters } of Object.values(methods)) {
      names.add(operationId)
      const inPath = parameters.filter((each) => each.in === 'path').map(({ name }) => name)
      expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
    }
  }
  expect(names.size).toBe(ROUTES.length)
})

test('every reference leads to a shape of the document', () => {
  const text = JSON.stringify(document)
  const references = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => String(to)))
  expect(references.size).toBeGreaterThan(20)
  for (const reference of references) {
    expect(reference).toMatch(/^#\/components\/schemas\/\w+$/)
    expect(() => ajv.compile({ $ref: `document.json${reference}` })).not.toThrow()
  }
  const { schemas } = document.components as { schemas: object }
  const named = Object.keys(schemas).map((name) => `#/components/schemas/${name}`)
  expect([...references].filter((each) => !named.includes(each))).toEqual([])
})

test('only the document itself and the login need no credentials', () => {
  const open = Object.entries(document.paths)
    .filter(([, methods]) => Object.values(methods).some(({ security }) => security?.length === 0))
    .map(([path]) => path)
  expect(open).toEqual(['/Contrast/api/ng/login', '/Contrast/api/openapi.json'])
})

function describedPath(route: Route): string {
  return pathOf(route).replace(/:(\w+)/g, '{$1}')
}

function expectDescribed(
  path: string,
  method: string,
  status: number,
  body: unknown,
  type: string,
) {
  const operation = document.paths[path]?.[method.toLowerCase()]
  const response = operation?.responses[status] ?? operation?.responses.default
  const media = response?.content?.[type.split(';')[0] ?? '']
  expect({ path, method, status, media }).toHaveProperty('media.schema')
  const place = media?.schema ?? {}
  const validate = ajv.compile(
    JSON.parse(JSON.stringify(place).replaceAll('"#/', '"document.json#/')) as object,
  )
  validate(body)
  expect({ path, method, status, errors: validate.errors }).toEqual({
    path,
    method,
    status,
    errors: null,
  })
}

test('what each route answers, and refuses, is what the document says', async () => {
  const audience = await createAudience(teamServer, shop)
  const asked: string[] = []
  for (const route of ROUTES) {
    const { method, path } = route
    const described = describedPath(route)
    // Twice, since a thing may be new or known; then without credentials.
    for (const isKnown of [true, true, false]) {
      const { target, question } = await questionFor(audience, route)
      const { authorization: _authorization, headers: _headers, ...bare } = question
      const reply = await askAt(teamServer, method, target, isKnown ? question : bare)
      if (isKnown) {
        expect({ method, path, status: reply.status }).toMatchObject({
          status: expect.toSatisfy((status: number) => status < 300),
        })
      }
      const type = String(reply.headers['content-type'])
      expectDescribed(described, method, reply.status, reply.body, type)
      asked.push(`${method} ${path}`)
    }
  }
  expect(asked).toHaveLength(3 * ROUTES.length)
})

test('what each route takes is what the document says', async () => {
  const audience = await createAudience(teamServer, shop)
  for (const route of ROUTES) {
    const { method, path } = route
    const described = describedPath(route)
    const body = document.paths[described]?.[method.toLowerCase()]?.requestBody
    const { question } = await questionFor(audience, route)
    const schema = body?.content['application/json']?.schema
    expect({ path, isRead: schema !== undefined }).toEqual({
      path,
      isRead: question.json !== undefined,
    })
    if (body === undefined || schema === undefined) continue
    const validate = ajv.compile(
      JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document.json#/')) as object,
    )
    expect({ path, isValid: validate(question.json) }).toEqual({ path, isValid: true })
    // Where nothing has to be said, nothing has to be sent.
    expect({ path, isValid: validate({}) }).toEqual({ path, isValid: body.required === false })
  }
})
