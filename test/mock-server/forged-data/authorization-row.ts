import { expect } from 'vitest'
import type { AgentKeySeed } from '../../../mock-server/index.ts'
import type { DoorKind } from './doors.ts'
import { authorizationOf, createFixture, type Fixture } from './fixture.ts'
import { expectRefused } from './refusal.ts'
import type { HeaderLine } from './sent-request.ts'

/** Layer one's text as it would be taken, and what it is made of. */
export interface RightAuthorization {
  readonly text: string
  readonly userName: string
  readonly serviceKey: string
}

/** One way to forge `Authorization`: everything else of the request is right. */
export interface AuthorizationRow {
  readonly id: string
  readonly what: string
  /** Another agent than A1, where the row needs a text of a certain form. */
  readonly agent?: AgentKeySeed
  /** Makes the forged line, or several, of the right text. */
  readonly forge: (
    right: RightAuthorization,
    fixture: Fixture,
  ) => string | readonly string[] | Promise<string>
  /** @default 'authorization-malformed' */
  readonly detail?: string
  /** The user name as the audit log shows it; by default none could be read. */
  readonly claimed?: (right: RightAuthorization, fixture: Fixture) => string
}

/** Base64 of text or bytes. */
export function encode(text: string | Uint8Array): string {
  return Buffer.from(text).toString('base64')
}

/** Sends the right text, which is taken, and then the forged one, which only differs as the row says. */
export async function expectForgedAuthorizationRefused(
  row: AuthorizationRow,
  kind: DoorKind,
): Promise<void> {
  const fixture = await createFixture()
  const door = await kind.open(fixture.teamServer)
  const { userName, serviceKey } =
    row.agent === undefined ? fixture.a1 : await fixture.a.addAgentKey(row.agent)
  const right = { text: authorizationOf(userName, serviceKey), userName, serviceKey }
  const requestWith = (...texts: readonly string[]) => {
    const lines = texts.map((text): HeaderLine => ['Authorization', text])
    return fixture.report(fixture.a, ...lines, ['API-Key', fixture.right.apiKey])
  }
  expect(await door.send(requestWith(right.text))).toMatchObject({ status: 202 })

  const forged = [await row.forge(right, fixture)].flat()
  await expectRefused({ fixture, door }, requestWith(...forged), {
    outcome: 'C-WRONG',
    detail: row.detail ?? 'authorization-malformed',
    claimedUserName: row.claimed?.(right, fixture),
  })
}
