import { expect, test } from 'vitest'
import { atEachDoor, EACH_DOOR } from './doors.ts'
import { createFixture, type Fixture, layersOf } from './fixture.ts'
import { eachSlot } from './key-slot.ts'
import { expectRefused } from './refusal.ts'
import { idsIn, jsonOf, type SentRequest, withBody } from './sent-request.ts'
import { auditEntriesOf, stateOf } from './state.ts'

test.each(EACH_DOOR)(
  'F-801: the same request sent 100 times, 10 at a time, is stored once at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const request = reportOfA1(fixture)
    const answers = []
    for (let round = 0; round < 10; round++) {
      answers.push(...(await Promise.all(Array.from({ length: 10 }, () => door.send(request)))))
    }
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(202))
    const documents = answers.map(jsonOf) as { readonly added: number; readonly known: number }[]
    expect(documents.reduce((sum, { added }) => sum + added, 0)).toBe(1)
    expect(documents.reduce((sum, { known }) => sum + known, 0)).toBe(99)
    expect((await fixture.a.reports()).map(({ id }) => id)).toEqual(idsIn(request))
  },
)

test.each(EACH_DOOR)(
  'F-802: the first content of an id stays, and the audit log names the conflict, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const request = reportOfA1(fixture)
    await door.send(request)
    const stored = await fixture.a.reports({ withReceipt: true })
    const entriesBefore = new Set(await auditEntriesOf(fixture))

    const forged = withBody(request, ({ reports }) => ({
      reports: reports.map((report) => ({ ...report, rule: 'forged-content' })),
    }))
    const answer = await door.send(forged)
    expect([answer.status, jsonOf(answer)]).toMatchObject([202, { added: 0, known: 1 }])
    expect(await fixture.a.reports({ withReceipt: true })).toEqual(stored)
    const entries = (await auditEntriesOf(fixture)).filter((entry) => !entriesBefore.has(entry))
    expect(entries).toMatchObject([
      {
        kind: 'notice',
        reason: 'report-conflict',
        claimedUserName: fixture.a1.userName,
        path: request.path,
      },
    ])
    expect(JSON.stringify(entries)).not.toContain('forged-content')
  },
)

test.each(atEachDoor(eachSlot('F-803')))(
  '%s: a recorded request is refused once the key it carries is retired, at %s',
  async (_what, _door, { slot }, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const recorded = slot.reportWith(fixture, slot.value(fixture))
    expect((await door.send(recorded)).status).toBe(202)
    fixture.noteSecrets()
    await slot.rotate(fixture, 0)
    await expectRefused({ fixture, door }, recorded, {
      ...slot.retired,
      claimedUserName: fixture.a1.userName,
    })
  },
)

test.each(EACH_DOOR)(
  'F-804: a recorded request of A1 with the header lines of B1 is ORG at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const recorded = reportOfA1(fixture)
    expect((await door.send(recorded)).status).toBe(202)
    const { b, b1 } = fixture
    const { headers } = fixture.report(b, ...layersOf(b1, b.apiKey.value))
    await expectRefused(
      { fixture, door },
      { ...recorded, headers },
      {
        outcome: 'ORG',
        detail: 'organization-of-others',
        claimedUserName: b1.userName,
      },
    )
  },
)

test.each(EACH_DOOR)(
  'F-805: of 100 reports with a malformed one, 99 are stored and that one is named at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const batch = withBody(reportOfA1(fixture), () => ({
      batch: 'hundred',
      reports: Array.from({ length: 100 }, (_, index) => ({
        id: `of-hundred-${index}`,
        type: index === 37 ? 'rumour' : 'finding',
        rule: 'sql-injection',
      })),
    }))
    const answer = await door.send(batch)
    expect([answer.status, jsonOf(answer)]).toEqual([
      202,
      {
        success: true,
        messages: [],
        batch: 'hundred',
        added: 99,
        known: 0,
        rejected: [
          {
            index: 37,
            id: 'of-hundred-37',
            reason: 'type must be one of finding, library, route, attack, activity, component',
          },
        ],
      },
    ])
    const ids = idsIn(batch).filter((id) => id !== 'of-hundred-37')
    expect((await fixture.a.reports()).map(({ id }) => id)).toEqual(ids)
  },
)

test.each(EACH_DOOR)(
  'F-806: an id that stands twice in a batch is stored once, with its first content, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const first = { id: 'twice', type: 'finding', rule: 'sql-injection' }
    const request = withBody(reportOfA1(fixture), () => ({
      reports: [first, { ...first, rule: 'path-traversal' }],
    }))
    expect(jsonOf(await door.send(request))).toMatchObject({ added: 1, known: 1, rejected: [] })
    expect(await fixture.a.reports()).toEqual([first])
  },
)

const MOMENTS_KEPT = [
  '"1970-01-01T00:00:00Z"',
  '"2100-01-01T00:00:00Z"',
  '0',
  '-1',
  '-62135596800000',
]

test.each(atEachDoor(MOMENTS_KEPT.map((at) => ({ id: 'F-807', what: at, at }))))(
  "%s as a report's moment is kept beside the TeamServer's own receive time at %s",
  async (_what, _door, { at }, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const answer = await door.send(reportAt(fixture, at))
    expect(answer.status).toBe(202)
    expect(await fixture.a.reports({ withReceipt: true })).toMatchObject([
      { receivedAt: fixture.clock.now, report: { at: JSON.parse(at) } },
    ])
  },
)

const MOMENTS_REFUSED = ['NaN', '"NaN"', '"yesterday"', '""', '1e400', 'true', '{}', '"2100"']

test.each(atEachDoor(MOMENTS_REFUSED.map((at) => ({ id: 'F-807', what: at, at }))))(
  "%s as a report's moment is BODY, and the audit log stays in order, at %s",
  async (_what, _door, { at }, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    fixture.clock.now = new Date('2026-01-02T00:00:00Z')
    const before = await stateOf(fixture)
    const answer = await door.send(reportAt(fixture, at))
    expect([answer.status, jsonOf(answer)]).toMatchObject([400, { reason: 'body-malformed' }])
    expect(await stateOf(fixture)).toEqual(before)

    const entries = await fixture.a.auditLog()
    expect(entries.at(-1)).toMatchObject({ reason: 'body-malformed', at: fixture.clock.now })
    const moments = entries.map(({ at }) => at.getTime())
    expect(moments).toEqual(moments.toSorted((one, other) => one - other))
    expect(fixture.errors).toEqual([])
  },
)

test.each(EACH_DOOR)(
  'F-808: the authenticated name is stored, whatever name the body claims, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { userName } = fixture.a2
    const claim = { agentUserName: userName, userName, user_name: userName }
    const request = withBody(reportOfA1(fixture), (document) => ({
      ...document,
      ...claim,
      reports: document.reports.map((report) => ({ ...report, ...claim })),
    }))
    expect((await door.send(request)).status).toBe(202)
    const stored = await fixture.a.reports({ withReceipt: true })
    expect(stored).toMatchObject([{ agentUserName: fixture.a1.userName }])
    expect(JSON.stringify(stored)).not.toContain(userName)
  },
)

function reportOfA1(fixture: Fixture): SentRequest {
  return fixture.report(fixture.a, ...layersOf(fixture.a1, fixture.a.apiKey.value))
}

/** A report with this JSON text as its moment, well-formed or not. */
function reportAt(fixture: Fixture, at: string): SentRequest {
  const body = `{"reports":[{"id":"timed","type":"finding","rule":"sql-injection","at":${at}}]}`
  return { ...reportOfA1(fixture), body }
}
