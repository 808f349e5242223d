import { type AdministrativeCall, administrative } from './administering.ts'
import { type Fixture, layersOf } from './fixture.ts'
import type { ExpectedRefusal } from './refusal.ts'
import type { SentRequest } from './sent-request.ts'

/** One of the two keys that A1 presents, with what can be done to it. */
export interface KeySlot {
  readonly value: (fixture: Fixture) => string
  readonly rotate: (fixture: Fixture, overlapMs: number) => Promise<unknown>
  /** Rotates to a value of one's own. */
  readonly supply: (fixture: Fixture, value: string) => Promise<unknown>
  readonly closeOverlap: (fixture: Fixture) => Promise<unknown>
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
  supply: ({ a }, value) => a.rotateAgentKey('default', { value }),
  closeOverlap: ({ a }) => a.closeAgentKeyOverlap('default'),
  reportWith: (fixture, value) => reportOfA1(fixture, value, fixture.a.apiKey.value),
  retired: { outcome: 'C-WRONG', detail: 'service-key-retired' },
  acceptedUntilHeader: 'service-key-accepted-until',
}

const API_KEY: KeySlot = {
  value: ({ a }) => a.apiKey.value,
  rotate: ({ a }, overlapMs) => a.apiKey.rotate({ overlapMs }),
  supply: ({ a }, value) => a.apiKey.rotate({ value }),
  closeOverlap: ({ a }) => a.apiKey.closeOverlap(),
  reportWith: (fixture, value) => reportOfA1(fixture, fixture.a1.serviceKey, value),
  retired: { outcome: 'K-WRONG', detail: 'api-key-retired' },
  acceptedUntilHeader: 'api-key-accepted-until',
}

/** The same slots, changed by what an administrator sends. */
const SERVICE_KEY_OVER_REST: KeySlot = {
  ...SERVICE_KEY,
  rotate: (fixture, overlapMs) =>
    administer(fixture, '/:org/agents/keys/default/rotate', { overlapMs }),
  closeOverlap: (fixture) => administer(fixture, '/:org/agents/keys/default/revoke'),
}

const API_KEY_OVER_REST: KeySlot = {
  ...API_KEY,
  rotate: (fixture, overlapMs) =>
    administer(fixture, '/:org/organizations/apikey/rotate', { overlapMs }),
  closeOverlap: (fixture) => administer(fixture, '/:org/organizations/apikey/revoke'),
}

async function administer(
  fixture: Fixture,
  path: AdministrativeCall['path'],
  json?: unknown,
): Promise<void> {
  const {
    method,
    path: target,
    headers,
    body,
  } = administrative(fixture, { method: 'PUT', path, json })
  const request = new Request(`http://teamserver.test${target}`, {
    method,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
    ...(body === undefined ? {} : { body }),
  })
  const { status } = await fixture.teamServer.handle(request)
  if (status !== 200) throw new Error(`the administrator was answered with ${status}`)
}

/** A slot as a row for `atEachDoor`. */
export interface KeySlotRow {
  readonly id: string
  readonly what: string
  readonly slot: KeySlot
}

/** Both slots, changed in process and over REST, as rows with this id. */
export function eachSlot(id: string): readonly KeySlotRow[] {
  return [
    { id, what: 'service key', slot: SERVICE_KEY },
    { id, what: 'organization API key', slot: API_KEY },
    { id, what: 'service key over REST', slot: SERVICE_KEY_OVER_REST },
    { id, what: 'organization API key over REST', slot: API_KEY_OVER_REST },
  ]
}

/** A report of A1 with these two keys. */
export function reportOfA1(fixture: Fixture, serviceKey: string, apiKey: string): SentRequest {
  const { userName } = fixture.a1
  return fixture.report(fixture.a, ...layersOf({ userName, serviceKey }, apiKey))
}
