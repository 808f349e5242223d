import { expect, test } from 'vitest'
import { json } from '../../../mock-server/core/answer.ts'
import { createRouteTable } from '../../../mock-server/core/route-table.ts'
import { ALL_ROLES, type Method, type Route, route } from '../../../mock-server/routes/route.ts'

function routeAt(method: Method, path: string): Route {
  return route({
    method,
    path,
    access: { people: ALL_ROLES },
    description: { summary: path, isOurs: true },
    answer: async () => json(200, {}),
  })
}

function createTable(own: readonly Route[], later: readonly Route[]) {
  let reads = 0
  const table = createRouteTable(own, {
    fixedWords: new Set(['filter']),
    async routes() {
      reads++
      return later
    },
  })
  return {
    async find(method: string, path: string) {
      const found = await table.find(`/Contrast/api${path}`, method)
      if (found.status === 'refused') return found.answer.headers.allow ?? found.answer.status
      return { path: found.route.path, parameters: found.parameters }
    },
    get reads() {
      return reads
    },
  }
}

const REPORTS = routeAt('POST', '/reports')
const ONE = routeAt('GET', '/ng/:org/applications/:app')

test('later routes are put in place by the first request that may mean one, and once', async () => {
  const table = createTable([REPORTS, ONE], [routeAt('GET', '/ng/:org/applications/filter')])
  expect(await table.find('POST', '/reports')).toEqual({ path: '/reports', parameters: {} })
  expect(await table.find('HEAD', '/ng/o/applications/1')).toMatchObject({ path: ONE.path })
  expect(table.reads).toBe(0)
  expect(await table.find('GET', '/ng/o/applications/filter')).toEqual({
    path: '/ng/:org/applications/filter',
    parameters: { org: 'o' },
  })
  expect(await table.find('GET', '/nothing')).toBe(404)
  expect(await table.find('PUT', '/reports')).toBe('POST, OPTIONS')
  expect(table.reads).toBe(1)
})

test('a fixed word may still be the value of a variable', async () => {
  const table = createTable([ONE], [])
  expect(await table.find('GET', '/ng/o/applications/filter')).toEqual({
    path: ONE.path,
    parameters: { org: 'o', app: 'filter' },
  })
})

test('where both have a route it is not the later one, whatever the variables are called', async () => {
  const later = [
    routeAt('GET', '/ng/:org/applications/:appId'),
    routeAt('DELETE', '/ng/:org/applications/:appId'),
  ]
  const table = createTable([ONE], later)
  expect(await table.find('OPTIONS', '/ng/o/applications/1')).toEqual({
    path: ONE.path,
    parameters: { org: 'o', app: '1' },
  })
  expect(await table.find('DELETE', '/ng/o/applications/1')).toEqual({
    path: '/ng/:org/applications/:appId',
    parameters: { org: 'o', appId: '1' },
  })
  expect(await table.find('PUT', '/ng/o/applications/1')).toBe('GET, DELETE, HEAD, OPTIONS')
})
