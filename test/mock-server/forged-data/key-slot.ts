import { type Fixture, layersOf } from './fixture.ts'
import type { ExpectedRefusal } from './refusal.ts'
import type { SentRequest } from './sent-request.ts'

/** One of the two keys that A1 presents, with what can be done to it. */
export interface KeySlot {
  readonly value: (fixture: Fixture) => string
  readonly rotate: (fixture: Fixture, overlapMs: number) => Promise<unknown>
  readonly closeOverlap: (fixture: Fixture) => Promise<void>
  /** A report with this value in the slot, and the right one in the other. */
  readonly reportWith: (fixture: Fixture, value: string) => SentRequest
  /** What a retired value of the slot comes to. */
  readonly retired: ExpectedRefusal
  /** The header that tells until when a replaced value is accepted. */
  readonly acceptedUntilHeader: string
}

const SERVICE_KEY: KeySlot = {
  value: ({ a1 }) => a1.serviceKey,
  rotate: ({ a }, overlapMs) => a.rotateAgentKey('default', { overlapMs }),
  closeOverlap: ({ a }) => a.closeAgentKeyOverlap('default'),
  reportWith: (fixture, value) => reportOfA1(fixture, value, fixture.a.apiKey.value),
  retired: { outcome: 'C-WRONG', detail: 'service-key-retired' },
  acceptedUntilHeader: 'service-key-accepted-until',
}

const API_KEY: KeySlot = {
  value: ({ a }) => a.apiKey.value,
  rotate: ({ a }, overlapMs) => a.apiKey.rotate({ overlapMs }),
  closeOverlap: ({ a }) => a.apiKey.closeOverlap(),
  reportWith: (fixture, value) => reportOfA1(fixture, fixture.a1.serviceKey, value),
  retired: { outcome: 'K-WRONG', detail: 'api-key-retired' },
  acceptedUntilHeader: 'api-key-accepted-until',
}

/** A slot as a row for `atEachDoor`. */
export interface KeySlotRow {
  readonly id: string
  readonly what: string
  readonly slot: KeySlot
}

/** Both slots as rows with this id. */
export function eachSlot(id: string): readonly KeySlotRow[] {
  return [
    { id, what: 'service key', slot: SERVICE_KEY },
    { id, what: 'organization API key', slot: API_KEY },
  ]
}

/** A report of A1 with these two keys. */
export function reportOfA1(fixture: Fixture, serviceKey: string, apiKey: string): SentRequest {
  const { userName } = fixture.a1
  return fixture.report(fixture.a, ...layersOf({ userName, serviceKey }, apiKey))
}
