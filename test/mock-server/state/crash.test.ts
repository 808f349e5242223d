import { existsSync, readFileSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { closeOverlap, rotateSlot } from '../../../mock-server/keys/key-slot.ts'
import { createKeyUses } from '../../../mock-server/keys/key-uses.ts'
import type { KeptState } from '../../../mock-server/state/kept-state.ts'
import { type OpenedState, openState } from '../../../mock-server/state/open-state.ts'
import { createPersistentStore } from '../../../mock-server/state/persistent-store.ts'
import { FILES, type Files } from '../../../mock-server/state/write-whole.ts'
import { createMemoryStore } from '../../../mock-server/store/memory-store.ts'
import type {
  AgentKeyRecord,
  AuditEntry,
  OrganizationRecord,
} from '../../../mock-server/store/records.ts'
import type { Store } from '../../../mock-server/store/store.ts'
import { stateFile } from './folder.ts'

const AT = new Date('2026-01-01T00:00:00Z')
const AUDIT: AuditEntry = { at: AT, kind: 'administration', reason: 'x', detail: 'x' }
const ID = '0f1e2d3c-0000-4000-8000-00000000000a'

const ORGANIZATION: OrganizationRecord = {
  id: ID,
  name: 'Shop',
  createdAt: AT,
  isApiKeyEnabled: true,
  apiKey: {
    current: { digest: Buffer.alloc(32, 1), sealed: Buffer.from('old'), since: AT },
    retired: [],
  },
  addressRanges: { ranges: [], appliesToAgents: false },
  isLocked: false,
}

/** In the middle of an overlap. */
const AGENT_KEY: AgentKeyRecord = {
  kind: 'agent',
  userName: 'agent_1@Shop',
  organizationId: ID,
  name: 'default',
  serviceKey: {
    current: { digest: Buffer.alloc(32, 3), sealed: Buffer.from('old'), since: AT },
    replaced: { digest: Buffer.alloc(32, 4), acceptedUntil: new Date('2026-01-02T00:00:00Z') },
    retired: [],
  },
  createdAt: AT,
}

class Crash extends Error {}

/** A file system whose nth operation fails, before or after it took effect; then all of them, or none. */
function failingAt(nth: number, isDone: boolean, isForGood: boolean) {
  const count = { operations: 0 }
  const failing = Object.fromEntries(
    Object.entries(FILES).map(([name, work]) => [
      name,
      (...given: unknown[]) => {
        const turn = ++count.operations
        const isFailure = turn === nth || (isForGood && turn > nth)
        const isTried = !isFailure || (turn === nth && isDone)
        const result = isTried ? (work as (...given: unknown[]) => unknown)(...given) : undefined
        if (isFailure) throw new Crash(`${name} failed`)
        return result
      },
    ]),
  )
  return { files: failing as unknown as Files, count }
}

function storeOf({ loaded, save }: OpenedState) {
  const memory = createMemoryStore(undefined, loaded)
  return createPersistentStore({ memory, loaded, save, keyUses: createKeyUses() }).store
}

async function preparedFile(): Promise<string> {
  const file = stateFile()
  const state = openState(file)
  await storeOf(state).addOrganization(ORGANIZATION, [AGENT_KEY], AUDIT)
  state.close()
  return file
}

/** What the file holds. */
function loadedFrom(file: string): KeptState {
  rmSync(`${file}.lock`, { force: true })
  const state = openState(file)
  state.close()
  return state.loaded
}

const NEXT = { digest: Buffer.alloc(32, 2), sealed: Buffer.from('new') }

const rotate = (before: OrganizationRecord): OrganizationRecord => ({
  ...before,
  apiKey: rotateSlot(before.apiKey, NEXT, 0, AT),
})

/** A change of keys that has to happen whole or not at all. */
interface KeyChange {
  readonly what: string
  readonly apply: (store: Store) => Promise<unknown>
}

const changeAgentKey = (change: (before: AgentKeyRecord) => AgentKeyRecord) => (store: Store) =>
  store.changeCaller(AGENT_KEY, change, AUDIT)

const KEY_CHANGES: readonly KeyChange[] = [
  {
    what: 'a rotation of the organization API key',
    apply: (store) => store.changeOrganization(ID, rotate, AUDIT),
  },
  {
    what: 'value and switch set together',
    apply: (store) =>
      store.changeOrganization(
        ID,
        (before) => ({ ...rotate(before), isApiKeyEnabled: false }),
        AUDIT,
      ),
  },
  {
    what: 'a rotation of a service key with an overlap',
    apply: changeAgentKey((before) => ({
      ...before,
      serviceKey: rotateSlot(before.serviceKey, NEXT, 60_000, AT),
    })),
  },
  {
    what: 'an overlap that is ended',
    apply: changeAgentKey((before) => ({ ...before, serviceKey: closeOverlap(before.serviceKey) })),
  },
  {
    what: 'an agent key that is deleted',
    apply: changeAgentKey((before) => ({ ...before, deletedAt: AT })),
  },
  {
    what: 'a key policy that is saved',
    apply: (store) =>
      store.changeSystemSettings(
        (before) => ({
          ...before,
          keyPolicy: { ...before.keyPolicy, maskInvalidIpsOnLogin: false },
        }),
        AUDIT,
      ),
  },
]

const FAILURES = [
  ['fails', false, false],
  ['fails after it took effect', true, false],
  ['is the last before a crash', false, true],
  ['is the last before a crash, and took effect', true, true],
] as const

const CRASHES = KEY_CHANGES.flatMap((change) =>
  FAILURES.map(([failure, ...how]) => [change.what, failure, change, ...how] as const),
)

test.each(CRASHES)(
  'K-402: %s: when the nth operation %s, the file holds what was before or what is after',
  async (_what, _failure, { apply }, isDone, isForGood) => {
    const before = await stateAfter(async () => {})
    const after = await stateAfter(apply)
    expect(after).not.toEqual(before)
    for (let nth = 1; ; nth++) {
      const file = await preparedFile()
      const { files, count } = failingAt(nth, isDone, isForGood)
      const state = openState(file, files)
      const store = storeOf(state)
      const operationsBefore = count.operations
      const outcome = await apply(store).then(
        () => 'kept',
        (error: { readonly code?: string }) => error.code,
      )
      if (outcome === 'kept') {
        expect(loadedFrom(file)).toEqual(after)
        expect(nth).toBeGreaterThan(count.operations - operationsBefore)
        expect(nth).toBeGreaterThan(5)
        return
      }
      expect(outcome).toBe('ERR_STATE_FILE')
      const { organizations, callers, systemSettings } = before
      expect([await store.organization(ID)]).toEqual(organizations)
      expect(await store.callers(ID)).toEqual(callers)
      expect(await store.systemSettings()).toEqual(systemSettings)
      for (const id of [ID, undefined]) expect(await store.auditEntries(id)).toEqual([])
      // A failure is taken back; a crash may come after the last word.
      const held = loadedFrom(file)
      if (isForGood) expect([before, after]).toContainEqual(held)
      else expect(held).toEqual(before)
    }
  },
)

/** What a file holds after a change that nothing came between. */
async function stateAfter(apply: (store: Store) => Promise<unknown>): Promise<KeptState> {
  const file = await preparedFile()
  const state = openState(file)
  await apply(storeOf(state))
  state.close()
  return loadedFrom(file)
}

test('after a change that could not be kept, the next one is kept without it', async () => {
  const file = await preparedFile()
  const { files } = failingAt(3, false, false)
  const state = openState(file, files)
  const store = storeOf(state)
  await expect(store.changeOrganization(ID, rotate, AUDIT)).rejects.toThrow('cannot be written')
  await store.changeOrganization(ID, (before) => ({ ...before, isLocked: true }), AUDIT)
  state.close()
  const again = openState(file)
  again.close()
  expect(again.loaded.organizations).toEqual([{ ...ORGANIZATION, isLocked: true }])
})

test('a start that stops at any operation leaves nothing, or what the next start goes on with', () => {
  for (const isDone of [false, true]) {
    for (let nth = 1; ; nth++) {
      const file = stateFile()
      const { files, count } = failingAt(nth, isDone, true)
      try {
        openState(file, files).close()
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_STATE_FILE' })
        if (existsSync(file)) expect(readFileSync(file, 'utf8')).toMatch(/^\{\n[\s\S]*\n\}\n$/)
        openState(file).close()
        continue
      }
      expect(nth).toBe(count.operations + 1)
      break
    }
  }
})
