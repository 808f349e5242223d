import { expect, test } from 'vitest'
import { NODE_HTTP } from './doors.ts'
import { createFixture, type Fixture } from './fixture.ts'
import { sendRaw } from './raw-request.ts'
import { expectRefused } from './refusal.ts'
import type { HeaderLine, SentRequest } from './sent-request.ts'

/** Lines as they are written to the socket: nothing stands between colon and value but the value. */
type Write = (right: Fixture['right']) => readonly HeaderLine[]

const wrapped = (text: string, lineEnd: string) => text.replace(/.{76}/, `$&${lineEnd}`)
const withKey =
  (value: (key: string) => string): Write =>
  ({ authorization, apiKey }) => [
    ['Authorization', ` ${authorization}`],
    ['API-Key', value(apiKey)],
  ]
const inside = (character: string) =>
  withKey((key) => ` ${key.slice(0, 8)}${character}${key.slice(8)}`)

const BROKEN: readonly (readonly [what: string, write: Write])[] = [
  ...['\n', '\r\n'].map((lineEnd): [string, Write] => [
    `F-107: credentials wrapped at 76 columns with ${JSON.stringify(lineEnd)}`,
    ({ authorization, apiKey }) => [
      ['Authorization', ` ${wrapped(authorization, lineEnd)}`],
      ['API-Key', ` ${apiKey}`],
    ],
  ]),
  ['F-207: a key continued on a line that a space folds', inside('\r\n ')],
  ['F-207: a key continued on a line that a tab folds', inside('\r\n\t')],
  ['F-210: NUL inside the key', inside('\0')],
  ['F-210: VT inside the key', inside('\v')],
  ['F-210: DEL inside the key', inside('\u007f')],
  ['F-210: a bare CR inside the key', inside('\r')],
  ['F-210: a bare LF inside the key', inside('\n')],
  ...['API Key', 'API-Key '].map((name): [string, Write] => [
    `F-212: a line named "${name}"`,
    ({ authorization, apiKey }) => [
      ['Authorization', ` ${authorization}`],
      [name, ` ${apiKey}`],
    ],
  ]),
]

test.each(BROKEN)('%s is REQUEST, and the connection is closed', async (_what, write) => {
  const fixture = await createFixture()
  const door = await NODE_HTTP.open(fixture.teamServer)
  const request = reportOf(fixture, write)
  await expectRefused(
    { fixture, door },
    request,
    { outcome: 'REQUEST', detail: 'request-malformed' },
    (sent) => sendRaw(door, sent),
  )
})

const LARGE: readonly (readonly [what: string, write: Write])[] = [
  [
    'F-116: 17 KiB of Authorization',
    ({ authorization, apiKey }) => [
      ['Authorization', authorization.padEnd(17_408, 'A')],
      ['API-Key', apiKey],
    ],
  ],
  [
    'F-208: 17 KiB of API-Key',
    ({ authorization, apiKey }) => [
      ['Authorization', authorization],
      ['API-Key', apiKey.padEnd(17_408, 'A')],
    ],
  ],
]

test.each(LARGE)('%s are HEADERS', async (_what, write) => {
  const fixture = await createFixture()
  const door = await NODE_HTTP.open(fixture.teamServer)
  await expectRefused({ fixture, door }, reportOf(fixture, write), {
    outcome: 'HEADERS',
    detail: 'headers-too-large',
  })
})

test.each([
  ['spaces in front', (key: string) => `   ${key}`],
  ['spaces behind', (key: string) => `${key}   `],
  ['tabs around', (key: string) => `\t${key}\t`],
  ['nothing around', (key: string) => key],
])('F-203: %s of the key are not part of it', async (_what, value) => {
  const fixture = await createFixture()
  const door = await NODE_HTTP.open(fixture.teamServer)
  const { headers, ...rest } = reportOf(fixture, withKey(value))
  const answer = await sendRaw(door, { ...rest, headers: [...headers, ['Connection', ' close']] })
  expect(answer.status).toBe(202)
  expect(await fixture.a.reports()).toHaveLength(1)
})

function reportOf(fixture: Fixture, write: Write): SentRequest {
  return fixture.report(fixture.a, ...write(fixture.right))
}
