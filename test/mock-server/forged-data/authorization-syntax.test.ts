import { expect, test } from 'vitest'
import type { AgentKeySeed } from '../../../mock-server/index.ts'
import {
  type AuthorizationRow,
  encode,
  expectForgedAuthorizationRefused,
} from './authorization-row.ts'
import { atEachDoor } from './doors.ts'
import { authorizationOf } from './fixture.ts'

/** User names of ten and eleven bytes: with a colon and 32 of a key, they leave one and two over. */
const TWO_PADS: AgentKeySeed = { name: 'two pads', userName: 'agent_1@ab' }
const ONE_PAD: AgentKeySeed = { name: 'one pad', userName: 'agent_11@ab' }
/** The third of three bytes gives the last six bits: those of `>` are `+`, those of `?` are `/`. */
const PLUS_AND_SLASH = {
  name: 'plus and slash',
  userName: 'agent_104@A',
  serviceKey: 'Ab>Cd?Ef1Gh2Ij3Kl4Mn5Op6Qr7St8Uv',
}

/** Other spellings of the right credentials. Node's own decoder would take most of them. */
const ROWS: readonly AuthorizationRow[] = [
  { id: 'F-102', what: 'Bearer in front', forge: ({ text }) => `Bearer ${text}` },
  { id: 'F-102', what: 'Digest in front', forge: ({ text }) => `Digest ${text}` },
  { id: 'F-102', what: 'Basic twice in front', forge: ({ text }) => `Basic Basic ${text}` },
  { id: 'F-102', what: 'Basic with no space after it', forge: ({ text }) => `Basic${text}` },
  { id: 'F-102', what: 'Basic with two spaces after it', forge: ({ text }) => `Basic  ${text}` },
  {
    id: 'F-103',
    what: 'the text without its =',
    agent: ONE_PAD,
    forge: ({ text }) => text.slice(0, -1),
  },
  {
    id: 'F-103',
    what: 'the text without one of its two =',
    agent: TWO_PADS,
    forge: ({ text }) => text.slice(0, -1),
  },
  { id: 'F-103', what: 'one = too many', agent: ONE_PAD, forge: ({ text }) => `${text}=` },
  { id: 'F-103', what: 'four =', agent: ONE_PAD, forge: ({ text }) => `${text}===` },
  { id: 'F-103', what: 'four = where none belongs', forge: ({ text }) => `${text}====` },
  {
    id: 'F-103',
    what: 'the same bytes spelled with other left-over bits',
    agent: TWO_PADS,
    forge: ({ text }) => text.replace(/.(?===$)/, nextCharacter),
  },
  {
    id: 'F-104',
    what: 'the URL-safe alphabet',
    agent: PLUS_AND_SLASH,
    forge: ({ text }) => text.replaceAll('+', '-').replaceAll('/', '_'),
  },
  {
    id: 'F-104',
    what: '- in place of +',
    agent: PLUS_AND_SLASH,
    forge: ({ text }) => text.replaceAll('+', '-'),
  },
  {
    id: 'F-104',
    what: '_ in place of /',
    agent: PLUS_AND_SLASH,
    forge: ({ text }) => text.replaceAll('/', '_'),
  },
  { id: 'F-105', what: 'a space inside', forge: ({ text }) => inserted(text, ' ') },
  { id: 'F-105', what: 'a tab inside', forge: ({ text }) => inserted(text, '\t') },
  { id: 'F-105', what: 'a ! inside', forge: ({ text }) => inserted(text, '!') },
  {
    id: 'F-105',
    what: 'wrapped at 76 columns with a space',
    forge: ({ text }) => text.replace(/.{76}(?=.)/g, '$& '),
  },
  {
    id: 'F-106',
    what: 'more text after the padding',
    agent: TWO_PADS,
    forge: ({ text }) => `${text}AAAA`,
  },
  {
    id: 'F-106',
    what: 'padding in the middle',
    agent: TWO_PADS,
    forge: ({ text }) => `${text.slice(0, 8)}QQ==${text.slice(8)}`,
  },
  {
    id: 'F-115',
    what: '2 048 bytes, the most that is decoded',
    forge: ({ userName }) => encode(`${userName}:`.padEnd(1_536, 'x')),
    detail: 'service-key-wrong',
    claimed: ({ userName }) => userName,
  },
  {
    id: 'F-115',
    what: '2 052 bytes, not decoded',
    forge: ({ userName }) => encode(`${userName}:`.padEnd(1_539, 'x')),
  },
  {
    id: 'F-115',
    what: '8 KiB, not decoded',
    forge: ({ userName }) => encode(`${userName}:`.padEnd(6_144, 'x')),
  },
  { id: 'F-117', what: 'right, then wrong', forge: ({ text }) => [text, encode('x:y')] },
  { id: 'F-117', what: 'wrong, then right', forge: ({ text }) => [encode('x:y'), text] },
  { id: 'F-117', what: 'right twice', forge: ({ text }) => [text, text] },
  { id: 'F-117', what: 'right, then empty', forge: ({ text }) => [text, ''] },
  { id: 'F-118', what: 'two values on one line', forge: ({ text }) => `${text}, ${text}` },
  { id: 'F-118', what: 'in quotes', forge: ({ text }) => `"${text}"` },
  { id: 'F-118', what: 'percent-encoded', forge: ({ text }) => percentEncoded(text) },
  { id: 'F-118', what: 'base64 of the base64', forge: ({ text }) => encode(text) },
]

test.each(atEachDoor(ROWS))('%s is C-WRONG at %s', (_what, _door, row, kind) =>
  expectForgedAuthorizationRefused(row, kind),
)

test('the agents of these rows have one =, two =, and both + and / in their text', () => {
  const key = 'x'.repeat(32)
  expect(authorizationOf(ONE_PAD.userName ?? '', key)).toMatch(/[^=]=$/)
  expect(authorizationOf(TWO_PADS.userName ?? '', key)).toMatch(/[^=]==$/)
  expect(authorizationOf(PLUS_AND_SLASH.userName, PLUS_AND_SLASH.serviceKey)).toBe(
    'YWdlbnRfMTA0QEE6QWI+Q2Q/RWYxR2gySWozS2w0TW41T3A2UXI3U3Q4VXY=',
  )
})

function inserted(text: string, character: string): string {
  return `${text.slice(0, 20)}${character}${text.slice(20)}`
}

/** The character after this one in the base64 alphabet: its last bits differ. */
function nextCharacter(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  return alphabet.charAt(alphabet.indexOf(character) + 1)
}

function percentEncoded(text: string): string {
  return Buffer.from(text).toString('hex').replace(/../g, '%$&')
}
