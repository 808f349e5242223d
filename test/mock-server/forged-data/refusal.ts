import { expect } from 'vitest'
import type { Door } from './doors.ts'
import type { Fixture } from './fixture.ts'
import { expectOutcome, isClosing, type Outcome, reasonOf } from './outcome.ts'
import { secretsFoundIn } from './secret-search.ts'
import { bytesOf, type ReceivedAnswer, type SentRequest } from './sent-request.ts'
import { auditEntriesOf, stateOf } from './state.ts'

/** Below this a value is too common a text to be searched for. */
const SHORTEST_SEARCHED = 8

/** What a refusal has to be. */
export interface ExpectedRefusal {
  readonly outcome: Outcome
  /** The exact reason in the audit log. */
  readonly detail: string
  /** As the audit log shows it; undefined where none could be read. */
  readonly claimedUserName?: string | undefined
}

/**
 * Sends a request and asks for everything that must be true once it was refused: the answer byte
 * for byte, nothing stored or changed, one audit entry with the true reason, no trace of a secret,
 * and the next honest request served, on the same connection and on a new one.
 *
 * @param deliver Another way to send it than the door's own.
 */
export async function expectRefused(
  { fixture, door }: { readonly fixture: Fixture; readonly door: Door },
  request: SentRequest,
  expected: ExpectedRefusal,
  deliver: (request: SentRequest) => Promise<ReceivedAnswer> = door.send,
): Promise<ReceivedAnswer> {
  const { outcome, detail, claimedUserName } = expected
  fixture.noteSecrets()
  const before = await stateOf(fixture)
  const entriesBefore = new Set(await auditEntriesOf(fixture))

  const answer = await deliver(request)

  expectOutcome(door, outcome, answer)
  expect(await stateOf(fixture)).toEqual(before)
  const entries = (await auditEntriesOf(fixture)).filter((entry) => !entriesBefore.has(entry))
  // Where no clear request arrived, what was sent cannot be trusted to be a method and a path.
  const isReadable = !isClosing(outcome)
  expect(entries).toEqual([
    {
      at: fixture.clock.latest,
      kind: 'refusal',
      reason: reasonOf(outcome),
      detail,
      method: isReadable ? request.method : '',
      path: isReadable ? request.path.split('?')[0] : '',
      remoteAddress: door.remoteAddress,
      claimedUserName,
    },
  ])
  const shown = [bytesOf(answer), JSON.stringify(entries), ...fixture.output].join('\n')
  expect(secretsFoundIn(shown, [...fixture.secrets, ...presentedIn(request)])).toEqual([])

  expect(fixture.errors).toEqual([])
  await expectServed({ fixture, door }, !isClosing(outcome))
  return answer
}

/** Asks that an honest request is taken, on the connection that was kept and on a new one. */
async function expectServed(
  { fixture, door }: { readonly fixture: Fixture; readonly door: Door },
  isConnectionKept: boolean,
): Promise<void> {
  const next = await door.send(fixture.honestReport())
  const alone = await door.sendAlone(fixture.honestReport())
  expect([next.status, alone.status]).toEqual([202, 202])
  if (door.hasSocket && isConnectionKept) {
    expect(next.isConnectionReused).toBe(true)
  }
}

/** What a request carried that nobody may find again: both keys, right or wrong, and the body. */
function presentedIn({ headers, body = '' }: SentRequest): readonly string[] {
  const values = headers.flatMap(([name, value]) => {
    if (name.toLowerCase() === 'api-key') return [value]
    if (name.toLowerCase() !== 'authorization') return []
    const [, ...afterColon] = Buffer.from(value, 'base64').toString('utf8').split(':')
    return [value, afterColon.join(':')]
  })
  return [...values, body].filter((value) => value.trim().length >= SHORTEST_SEARCHED)
}
