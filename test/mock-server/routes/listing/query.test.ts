import { expect, test } from 'vitest'
import { createLinkMaker } from '../../../../mock-server/routes/listing/links.ts'
import { createQueryReader, pageOf } from '../../../../mock-server/routes/listing/query.ts'

const read = (text: string) => createQueryReader(new URLSearchParams(text))

test.each([
  ['expand=a&expand=b', ['a', 'b']],
  ['expand=a,b', ['a', 'b']],
  ['expand[]=a&expand[]=b', ['a', 'b']],
  ['expand=a,B&expand[]=c', ['a', 'b', 'c']],
  ['expand=&expand[]=', []],
  ['', []],
])('%j asks for %j', (text, words) => {
  expect([...read(text).expand()]).toEqual(words)
})

test.each([
  ['True', true],
  ['true', true],
  ['False', false],
  ['FALSE', false],
  ['', undefined],
])('a flag of %j is %j', (text, value) => {
  const query = read(`flag=${text}`)
  expect(query.flag('flag')).toBe(value)
  expect(query.refusal()).toBeUndefined()
})

test.each([
  ['', { offset: 0, limit: Number.POSITIVE_INFINITY }],
  ['limit=&offset=', { offset: 0, limit: Number.POSITIVE_INFINITY }],
  ['limit=-1&offset=5', { offset: 5, limit: Number.POSITIVE_INFINITY }],
  ['limit=0', { offset: 0, limit: 0 }],
  ['limit=25&offset=50', { offset: 50, limit: 25 }],
])('%j is the page %j', (text, page) => {
  const query = read(text)
  expect(query.page()).toEqual(page)
  expect(query.refusal()).toBeUndefined()
})

test('a page is a part of a list', () => {
  expect(pageOf([1, 2, 3], { offset: 1, limit: 1 })).toEqual([2])
  expect(pageOf([1, 2, 3], { offset: 2, limit: Number.POSITIVE_INFINITY })).toEqual([3])
  expect(pageOf([1, 2, 3], { offset: 3, limit: 5 })).toEqual([])
})

test.each([
  ['sort=title', { field: 'title', isDescending: false }],
  ['sort=-Title', { field: 'title', isDescending: true }],
  ['sort=', undefined],
])('%j is the order %j', (text, sort) => {
  expect(read(text).sort(['title', 'severity'])).toEqual(sort)
})

test('moments are ISO 8601 or milliseconds', () => {
  const query = read('one=2026-03-01T12:00:00Z&other=1772366400000&third=')
  expect(['one', 'other', 'third'].map(query.moment)).toEqual([
    new Date('2026-03-01T12:00:00Z'),
    new Date(1_772_366_400_000),
    undefined,
  ])
})

test('one refusal names every parameter that cannot be read, and nothing that was sent', () => {
  const query = read('limit=x&offset=-3&flag=yes&at=soon&sort=-secret&word=other&words=a,other')
  query.page()
  query.flag('flag')
  query.moment('at')
  query.sort(['title'])
  query.choice('word', ['a'])
  query.choices('words', ['a'])
  query.required('missing', query.text('missing'))
  const { status, body } = query.refusal() ?? {}
  expect([status, JSON.parse(String(body))]).toEqual([
    400,
    {
      success: false,
      messages: [
        'The request is malformed: offset must be a whole number from 0; limit must be a whole number from 0; ' +
          'flag must be true or false; at must be ISO 8601 or milliseconds; sort must be one of title, with - in ' +
          'front for descending; word must be one of a; words must be of a; missing is missing.',
      ],
      reason: 'request-malformed',
    },
  ])
})

test('links lead to where the TeamServer is, and are left out on request', () => {
  const address = () => 'http://127.0.0.1:8080/Contrast'
  expect(createLinkMaker(address, new Set())(['self', '/ng/x'], ['tag', '/ng/y', 'PUT'])).toEqual({
    links: [
      { rel: 'self', href: 'http://127.0.0.1:8080/Contrast/api/ng/x', method: 'GET' },
      { rel: 'tag', href: 'http://127.0.0.1:8080/Contrast/api/ng/y', method: 'PUT' },
    ],
  })
  expect(createLinkMaker(address, new Set(['skip_links']))(['self', '/ng/x'])).toEqual({})
})
