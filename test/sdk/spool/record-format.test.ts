import { expect, test } from 'vitest'
import { createRecordFormat, type Scanned } from '../../../sdk/spool/record-format.ts'

const DESTINATION = '0123456789abcdef'

/** Checksums by another program. */
const LINES = [
  '96fa7a96 H 42 teamserver-engine-spool 1 0123456789abcdef\n',
  'a08be762 R 22 0 a finding {"id":"a"}\n',
  '13531d8f R 41 1 b-2 route {"id":"b-2","title":"Ü🗝"}\n',
  '7a04090b S 1 0\n',
  'd5b940ad D 13 53-90,120-121\n',
  'c352f337 S 5 0-2,5\n',
]

const format = createRecordFormat(DESTINATION)

function scan(text: string | Buffer, by = format): Scanned[] {
  return [...by.scan(Buffer.from(text))]
}

test('each kind of line is written as it is documented', () => {
  expect([
    format.header(),
    format.record(0, { id: 'a', type: 'finding', json: '{"id":"a"}', sizeBytes: 10 }),
    format.record(1, {
      id: 'b-2',
      type: 'route',
      json: '{"id":"b-2","title":"Ü🗝"}',
      sizeBytes: 29,
    }),
    format.settled([0]),
    format.setAside([
      { start: 53, end: 90 },
      { start: 120, end: 121 },
    ]),
    format.settled([0, 1, 2, 5]),
  ]).toEqual(LINES)
})

test('each kind of line is read as it was written', () => {
  expect(scan(LINES.join(''))).toEqual([
    { start: 0, end: 56, line: { kind: 'header', isOurs: true } },
    { start: 57, end: 93, line: { kind: 'record', index: 0 } },
    { start: 94, end: 149, line: { kind: 'record', index: 1 } },
    { start: 150, end: 164, line: { kind: 'settled', indices: [0] } },
    {
      start: 165,
      end: 192,
      line: {
        kind: 'set-aside',
        regions: [
          { start: 53, end: 90 },
          { start: 120, end: 121 },
        ],
      },
    },
    { start: 193, end: 211, line: { kind: 'settled', indices: [0, 1, 2, 5] } },
  ])
})

test('a record gives its report back, and only under its own index', () => {
  const line = Buffer.from(LINES[2] ?? '').subarray(0, -1)
  const json = '{"id":"b-2","title":"Ü🗝"}'
  expect(format.parseRecord(line, 1)).toEqual({ id: 'b-2', type: 'route', json, sizeBytes: 29 })
  expect(format.parseRecord(line, 0)).toBeUndefined()
  expect(format.parseRecord(line.subarray(0, -1), 1)).toBeUndefined()
})

test('lines for another destination or of another version are never intact', () => {
  const other = createRecordFormat('fedcba9876543210')
  expect(scan(LINES.join(''), other)).toEqual([
    { start: 0, end: 56, line: { kind: 'header', isOurs: false } },
    { start: 57, end: 212, line: undefined },
  ])
})

test.each([
  ['nothing', ''],
  ['empty lines', '\n\n\n'],
])('%s is neither a line nor damage', (_what, text) => {
  expect(scan(text)).toEqual([])
})

test.each([
  ['text', 'hello\nworld\n'],
  ['zeros', Buffer.alloc(5_000)],
  ['a length past the end', '00000000 R 99999999 0 a b {}\n'],
  ['a kind nobody knows', `${LINES[1]?.replace(' R ', ' X ')}`],
])('%s is damage from its first byte to its last', (_what, content) => {
  const bytes = Buffer.from(content)
  expect(scan(bytes)).toEqual([{ start: 0, end: bytes.length, line: undefined }])
})
