import { expect, test } from 'vitest'
import { routePathsOf } from '../../../../sdk/plugins/routes/route-paths.ts'

/** Where the first path of a route begins in a URL. */
function find(path: string, url: string, from = 0): number | undefined {
  return routePathsOf(path)[0]?.place?.find(url, from)
}

test.each([
  ['/boom', '/api/boom', 4],
  ['/boom', '/api/boom/', 4],
  ['/boom', '/api/boom?x=/boom', 4],
  ['/BOOM', '/api/boom', 4],
  ['/', '/api', 4],
  ['/', '/api/', 4],
  ['/:a/:b', '/api/1/2', 4],
  ['/:from-:to', '/api/1-2', 4],
  ['/files/*rest', '/api/files/a/b', 4],
  ['/files{/:name}', '/api/files', 4],
  ['/files{/:name}', '/api/files/a', 4],
  ['/a.b', '/api/axb', -1],
  ['/boom', '/api/boomerang', -1],
  ['/boom', '/boom/api', -1],
])('%s in %s begins at %i', (path, url, index) => {
  expect(find(path, url)).toBe(index)
})

test('nothing before the given place is looked at', () => {
  expect(find('/a', '/a', 1)).toBe(-1)
})

test('a path is at a place only if it makes up the rest from there', () => {
  const place = routePathsOf('/orders/:id')[0]?.place
  expect(place?.isAt('/api/orders/7?x=1', 4)).toBe(true)
  expect(place?.isAt('/api/orders/7', 0)).toBe(false)
  expect(place?.isAt('/api/orders/7/lines', 4)).toBe(false)
})

test.each([/^\/a(\d+)$/, '/a(\\d+)', '/a?', '/a+', '/*a/*b', '/{a', undefined, 3])(
  '%s has no place that can be told',
  (path) => {
    expect(routePathsOf(path)).toEqual([{ text: String(path) }])
  },
)

test('a list gives each of its paths', () => {
  expect(routePathsOf(['/a', ['/b', /c/]]).map(({ text }) => text)).toEqual(['/a', '/b', '/c/'])
})
