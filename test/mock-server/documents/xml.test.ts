import { expect, test } from 'vitest'
import { tableAsXml } from '../../../mock-server/documents/table.ts'
import { xmlOf } from '../../../mock-server/documents/xml.ts'

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

test('marks are escaped, and a line end is kept', () => {
  const content = '<script>&amp;</script> ]]> \r\n "ä"'
  expect(xmlOf({ name: 'a', content })).toBe(
    `${HEAD}<a>&lt;script&gt;&amp;amp;&lt;/script&gt; ]]&gt; &#13;\n "ä"</a>\n`,
  )
})

test.each(['\u0000', '\u0008', '\u000b', '\u001f', '\ufffe', '\uffff', '\ud800', '\udc00'])(
  '%j has no place in XML',
  (character) => {
    expect(xmlOf({ name: 'a', content: `x${character}y` })).toBe(`${HEAD}<a>x\ufffdy</a>\n`)
  },
)

test('a character beyond the first 65 536 stays', () => {
  expect(xmlOf({ name: 'a', content: '😀' })).toBe(`${HEAD}<a>😀</a>\n`)
})

test('a row has an element for each field that is there', () => {
  const columns = [
    ['Name', 'name'],
    ['Count', 'count'],
  ] as const
  const rows = [
    { name: 'one', count: 1 },
    { name: 'two', count: undefined },
  ]
  expect(tableAsXml(['list', 'entry'], columns, rows)).toBe(
    `${HEAD}<list>\n  <entry>\n    <name>one</name>\n    <count>1</count>\n  </entry>\n` +
      '  <entry>\n    <name>two</name>\n  </entry>\n</list>\n',
  )
})
