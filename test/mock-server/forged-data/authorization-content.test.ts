import { createHash } from 'node:crypto'
import { test } from 'vitest'
import type { AgentKeySeed } from '../../../mock-server/index.ts'
import {
  type AuthorizationRow,
  encode,
  expectForgedAuthorizationRefused,
  type RightAuthorization,
} from './authorization-row.ts'
import { atEachDoor } from './doors.ts'
import { authorizationOf } from './fixture.ts'

const REPLACEMENT_CHARACTER: AgentKeySeed = { name: 'odd', userName: 'agent_\uFFFD@A' }

/** The name was read and is right. */
const SERVICE_KEY_WRONG = {
  detail: 'service-key-wrong',
  claimed: ({ userName }: RightAuthorization) => userName,
}

/** Text that decodes well and does not say what is right. */
const ROWS: readonly AuthorizationRow[] = [
  {
    id: 'F-108',
    what: 'no colon after decoding',
    forge: ({ userName, serviceKey }) => encode(userName + serviceKey),
  },
  {
    id: 'F-108',
    what: 'a colon alone',
    forge: () => encode(':'),
    detail: 'user-unknown',
    claimed: () => '',
  },
  {
    id: 'F-108',
    what: 'a name alone',
    forge: ({ userName }) => encode(`${userName}:`),
    ...SERVICE_KEY_WRONG,
  },
  {
    id: 'F-108',
    what: 'a key alone',
    forge: ({ serviceKey }) => encode(`:${serviceKey}`),
    detail: 'user-unknown',
    claimed: () => '',
  },
  {
    id: 'F-109',
    what: 'LF at the end',
    forge: (right) => encode(`${pairOf(right)}\n`),
    ...SERVICE_KEY_WRONG,
  },
  {
    id: 'F-109',
    what: 'CRLF at the end',
    forge: (right) => encode(`${pairOf(right)}\r\n`),
    ...SERVICE_KEY_WRONG,
  },
  {
    id: 'F-109',
    what: 'a space behind',
    forge: (right) => encode(`${pairOf(right)} `),
    ...SERVICE_KEY_WRONG,
  },
  {
    id: 'F-109',
    what: 'a space in front',
    forge: (right) => encode(` ${pairOf(right)}`),
    detail: 'user-unknown',
    claimed: ({ userName }) => ` ${userName}`,
  },
  {
    id: 'F-110',
    what: 'a colon inside the user name',
    forge: (right) => encode(pairOf(right).replace('agent_', 'agent:')),
    detail: 'user-unknown',
    claimed: () => 'agent',
  },
  {
    id: 'F-113',
    what: 'bytes that are not UTF-8, never read as U+FFFD',
    agent: REPLACEMENT_CHARACTER,
    forge: (right) => encode(Buffer.from(pairOf(right).replace('\uFFFD', '\u00FF'), 'latin1')),
  },
  {
    id: 'F-113',
    what: 'a byte order mark in front',
    forge: (right) => encode(`\uFEFF${pairOf(right)}`),
    detail: 'user-unknown',
    claimed: ({ userName }) => `\\u{feff}${userName}`,
  },
  {
    id: 'F-114',
    what: 'NUL in the name',
    forge: ({ userName, serviceKey }) => encode(`${userName}\0:${serviceKey}`),
    detail: 'user-unknown',
    claimed: ({ userName }) => `${userName}\\u{0}`,
  },
  {
    id: 'F-114',
    what: 'NUL in the key',
    forge: ({ userName, serviceKey }) => encode(`${userName}:\0${serviceKey}`),
    ...SERVICE_KEY_WRONG,
  },
  {
    id: 'F-114',
    what: 'a key that is right up to its NUL',
    forge: (right) => encode(`${pairOf(right)}\0and more`),
    ...SERVICE_KEY_WRONG,
  },
  {
    id: 'F-120',
    what: "a person's name with the login password",
    forge: (_right, { people }) => authorizationOf(people.edit.userName, people.edit.password),
    detail: 'service-key-wrong',
    claimed: (_right, { people }) => people.edit.userName,
  },
  {
    id: 'F-120',
    what: "an agent's name with a login password",
    forge: ({ userName }, { people }) => authorizationOf(userName, people.admin.password),
    ...SERVICE_KEY_WRONG,
  },
  {
    id: 'F-121',
    what: 'an agent token',
    forge: (_right, { a1 }) => a1.token,
    detail: 'user-unknown',
    claimed: () => '{"url"',
  },
  {
    id: 'F-122',
    what: 'SHA-256 of the service key, in hexadecimal',
    forge: ({ userName, serviceKey }) =>
      authorizationOf(userName, sha256(serviceKey).digest('hex')),
    ...SERVICE_KEY_WRONG,
  },
  {
    id: 'F-122',
    what: 'SHA-256 of the service key, in base64',
    forge: ({ userName, serviceKey }) =>
      authorizationOf(userName, sha256(serviceKey).digest('base64')),
    ...SERVICE_KEY_WRONG,
  },
  {
    id: 'F-122',
    what: 'the digest of the service key as it is stored',
    forge: async ({ userName }, { teamServer }) => {
      const caller = await teamServer.store.caller(userName)
      return authorizationOf(userName, caller?.serviceKey.current.digest.toString('hex') ?? '')
    },
    ...SERVICE_KEY_WRONG,
  },
  {
    id: 'F-123',
    what: 'the user name in upper case',
    forge: ({ userName, serviceKey }) => authorizationOf(userName.toUpperCase(), serviceKey),
    detail: 'user-unknown',
    claimed: ({ userName }) => userName.toUpperCase(),
  },
  {
    id: 'F-123',
    what: 'the user name with a trailing dot',
    forge: ({ userName, serviceKey }) => authorizationOf(`${userName}.`, serviceKey),
    detail: 'user-unknown',
    claimed: ({ userName }) => `${userName}.`,
  },
  {
    id: 'F-123',
    what: 'the user name with %40 for @',
    forge: ({ userName, serviceKey }) => authorizationOf(userName.replace('@', '%40'), serviceKey),
    detail: 'user-unknown',
    claimed: ({ userName }) => userName.replace('@', '%40'),
  },
  {
    id: 'F-123',
    what: 'the user name without what follows @',
    forge: ({ userName, serviceKey }) => authorizationOf(userName.replace(/@.*/, ''), serviceKey),
    detail: 'user-unknown',
    claimed: ({ userName }) => userName.replace(/@.*/, ''),
  },
  {
    id: '0.5',
    what: 'a claimed name of 129 characters is cut at 128',
    forge: ({ serviceKey }) => authorizationOf('n'.repeat(129), serviceKey),
    detail: 'user-unknown',
    claimed: () => `${'n'.repeat(127)}…`,
  },
  {
    id: '0.5',
    what: 'a claimed name is no longer than 128 once it is escaped',
    forge: ({ serviceKey }) => authorizationOf('\u001b'.repeat(100), serviceKey),
    detail: 'user-unknown',
    claimed: () => `${'\\u{1b}'.repeat(21)}…`,
  },
]

test.each(atEachDoor(ROWS))('%s is C-WRONG at %s', (_what, _door, row, kind) =>
  expectForgedAuthorizationRefused(row, kind),
)

function pairOf({ userName, serviceKey }: RightAuthorization): string {
  return `${userName}:${serviceKey}`
}

function sha256(text: string) {
  return createHash('sha256').update(text)
}
