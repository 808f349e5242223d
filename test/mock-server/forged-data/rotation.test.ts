import { request as httpRequest } from 'node:http'
import { expect, test } from 'vitest'
import { atEachDoor, type Door, EACH_DOOR, NODE_HTTP } from './doors.ts'
import { createFixture, type Fixture } from './fixture.ts'
import { eachSlot, type KeySlot, reportOfA1 } from './key-slot.ts'
import { expectRefused } from './refusal.ts'
import { stateOf } from './state.ts'

const HOUR_MS = 3_600_000

test.each(atEachDoor(eachSlot('F-301')))(
  '%s: the replaced one is taken up to 1 ms before its overlap ends, and refused from then on, at %s',
  async (_what, _door, { slot }, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const replaced = await rotate(fixture, slot, HOUR_MS)
    expect(await statusOf(fixture, door, slot, replaced)).toBe(202)

    advance(fixture, HOUR_MS - 1)
    expect(await statusOf(fixture, door, slot, replaced)).toBe(202)
    advance(fixture, 1)
    await expectRetired(fixture, door, slot, replaced)
    advance(fixture, 1)
    await expectRetired(fixture, door, slot, replaced)
    expect(await statusOf(fixture, door, slot, slot.value(fixture))).toBe(202)
  },
)

test.each(atEachDoor(eachSlot('F-302')))(
  '%s: without an overlap the old one is refused and the new one taken at once, at %s',
  async (_what, _door, { slot }, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const replaced = await rotate(fixture, slot, 0)
    await expectRetired(fixture, door, slot, replaced)
    expect(await statusOf(fixture, door, slot, slot.value(fixture))).toBe(202)
  },
)

test.each(atEachDoor(eachSlot('F-303')))(
  '%s: rotated twice within one overlap, the oldest is refused at once, at %s',
  async (_what, _door, { slot }, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const oldest = await rotate(fixture, slot, HOUR_MS)
    const replaced = await rotate(fixture, slot, HOUR_MS)
    await expectRetired(fixture, door, slot, oldest)
    expect(await statusOf(fixture, door, slot, replaced)).toBe(202)
    expect(await statusOf(fixture, door, slot, slot.value(fixture))).toBe(202)
  },
)

test.each(atEachDoor(eachSlot('F-304')))(
  '%s: an overlap that an administrator ends early is over at once, at %s',
  async (_what, _door, { slot }, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const replaced = await rotate(fixture, slot, HOUR_MS)
    expect(await statusOf(fixture, door, slot, replaced)).toBe(202)
    await slot.closeOverlap(fixture)
    await expectRetired(fixture, door, slot, replaced)
  },
)

test.each(atEachDoor(eachSlot('F-305')))(
  '%s: once its overlap has ended, setting the clock back does not revive it, at %s',
  async (_what, _door, { slot }, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const replaced = await rotate(fixture, slot, HOUR_MS)
    advance(fixture, HOUR_MS)
    await expectRetired(fixture, door, slot, replaced)
    advance(fixture, -HOUR_MS)
    await expectRetired(fixture, door, slot, replaced)
  },
)

test.each(
  eachSlot('F-306')
    .slice(0, 2)
    .map(({ what, slot }) => [what, slot] as const),
)(
  'F-306: one of the last ten values of the %s does not come back, and the current one stays',
  async (_what, slot) => {
    const fixture = await createFixture()
    const [, kind] = EACH_DOOR[0] ?? []
    const door = await kind?.open(fixture.teamServer)
    const held = [slot.value(fixture)]
    for (let at = 0; at < 10; at++) {
      await rotate(fixture, slot, 0)
      held.push(slot.value(fixture))
    }
    const current = slot.value(fixture)
    for (const value of held) {
      const before = await stateOf(fixture)
      await expect(slot.supply(fixture, value)).rejects.toMatchObject({
        code: 'ERR_KEY_INVALID',
        message: expect.stringMatching(/may not be the current one or one of the last 10$/),
      })
      expect(await stateOf(fixture)).toEqual(before)
      expect(slot.value(fixture)).toBe(current)
    }
    const report = slot.reportWith(fixture, current)
    expect((await door?.send(report))?.status).toBe(202)
  },
)

test.each(EACH_DOOR)(
  'F-307: both layers rotated together: four pairs are taken while the overlap is open, then one, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const [serviceKey, apiKey] = eachSlot('F-307')
    const old = { serviceKey: fixture.a1.serviceKey, apiKey: fixture.a.apiKey.value }
    for (const row of [serviceKey, apiKey]) if (row) await rotate(fixture, row.slot, HOUR_MS)
    const next = { serviceKey: fixture.a1.serviceKey, apiKey: fixture.a.apiKey.value }
    const statuses = async () => {
      const found: Record<string, number> = {}
      for (const [one, { serviceKey }] of Object.entries({ old, next })) {
        for (const [other, { apiKey }] of Object.entries({ old, next })) {
          const answer = await door.send(reportOfA1(fixture, serviceKey, apiKey))
          found[`${one} + ${other}`] = answer.status
        }
      }
      return found
    }

    expect(await statuses()).toEqual({
      'old + old': 202,
      'old + next': 202,
      'next + old': 202,
      'next + next': 202,
    })
    advance(fixture, HOUR_MS)
    expect(await statuses()).toEqual({
      'old + old': 401,
      'old + next': 401,
      'next + old': 401,
      'next + next': 202,
    })
    expect(await fixture.a.reports()).toHaveLength(5)
  },
)

test.each(eachSlot('F-308').map(({ what, slot }) => [what, slot] as const))(
  'F-308: %s replaced between head and body: decided by the head, at handle',
  async (_what, slot) => {
    const fixture = await createFixture()
    const { path, headers, body } = slot.reportWith(fixture, slot.value(fixture))
    // Asked for its first bytes, the body replaces the key: by then the head was judged.
    const source = new ReadableStream(
      {
        async pull(controller) {
          await rotate(fixture, slot, 0)
          controller.enqueue(Buffer.from(body ?? ''))
          controller.close()
        },
      },
      { highWaterMark: 0 },
    )
    const request = new Request(`http://teamserver.test${path}`, {
      method: 'POST',
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      body: source,
      duplex: 'half',
    })
    const before = slot.value(fixture)
    const { status } = await fixture.teamServer.handle(request)
    expect(slot.value(fixture)).not.toBe(before)
    expect(status).toBe(202)
  },
)

test.each(eachSlot('F-308').map(({ what, slot }) => [what, slot] as const))(
  'F-308: %s replaced between head and body: decided by the head, at node:http',
  async (_what, slot) => {
    const fixture = await createFixture()
    const { host, port } = await NODE_HTTP.open(fixture.teamServer)
    const { method, path, headers, body = '' } = slot.reportWith(fixture, slot.value(fixture))
    const lines = [['Host', host], ...headers, ['Content-Length', String(body.length)]]
    const before = slot.value(fixture)
    const status = await new Promise((resolve, reject) => {
      const outgoing = httpRequest({
        port,
        method,
        path,
        headers: [...lines, ['Expect', '100-continue']].flat(),
        agent: false,
      })
      // The TeamServer says so when it wants the body: by then the head was judged.
      outgoing.on('continue', () => void rotate(fixture, slot, 0).then(() => outgoing.end(body)))
      outgoing.on('response', (incoming) => {
        incoming.resume()
        incoming.on('end', () => resolve(incoming.statusCode))
      })
      outgoing.on('error', reject)
      outgoing.flushHeaders()
    })
    expect(slot.value(fixture)).not.toBe(before)
    expect(status).toBe(202)
  },
)

test.each(EACH_DOOR)(
  'F-310: an agent key deleted during its overlap is refused with both service keys at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { userName, serviceKey: replaced } = fixture.a1
    await fixture.a.rotateAgentKey('default', { overlapMs: HOUR_MS })
    const { serviceKey: current } = fixture.a1
    for (const serviceKey of [replaced, current]) {
      const request = reportOfA1(fixture, serviceKey, fixture.a.apiKey.value)
      expect((await door.send(request)).status).toBe(202)
    }

    await fixture.a.deleteAgentKey('default')
    for (const serviceKey of [replaced, current]) {
      const request = reportOfA1(fixture, serviceKey, fixture.a.apiKey.value)
      await expectRefused({ fixture, door }, request, {
        outcome: 'C-WRONG',
        detail: 'agent-key-deleted',
        claimedUserName: userName,
      })
    }
  },
)

test.each(atEachDoor(eachSlot('F-311')))(
  '%s: the answer to a replaced one says until when it is accepted, at %s',
  async (_what, _door, { slot }, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const replaced = await rotate(fixture, slot, HOUR_MS)
    const headersFor = async (value: string) =>
      (await door.send(slot.reportWith(fixture, value))).headers
    expect(await headersFor(replaced)).toMatchObject({
      [slot.acceptedUntilHeader]: '2026-01-01T01:00:00.000Z',
    })
    expect(await headersFor(slot.value(fixture))).not.toHaveProperty(slot.acceptedUntilHeader)
  },
)

/** Replaces the slot's value and answers the one that it replaced. */
async function rotate(fixture: Fixture, slot: KeySlot, overlapMs: number): Promise<string> {
  fixture.noteSecrets()
  const replaced = slot.value(fixture)
  await slot.rotate(fixture, overlapMs)
  return replaced
}

async function statusOf(fixture: Fixture, door: Door, slot: KeySlot, value: string) {
  return (await door.send(slot.reportWith(fixture, value))).status
}

async function expectRetired(fixture: Fixture, door: Door, slot: KeySlot, value: string) {
  await expectRefused({ fixture, door }, slot.reportWith(fixture, value), {
    ...slot.retired,
    claimedUserName: fixture.a1.userName,
  })
}

function advance({ clock }: Fixture, ms: number): void {
  clock.now = new Date(clock.now.getTime() + ms)
}
