import { existsSync, readFileSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { rotateSlot } from '../../../mock-server/keys/key-slot.ts'
import { type OpenedState, openState } from '../../../mock-server/state/open-state.ts'
import { createPersistentStore } from '../../../mock-server/state/persistent-store.ts'
import { FILES, type Files } from '../../../mock-server/state/write-whole.ts'
import { createMemoryStore } from '../../../mock-server/store/memory-store.ts'
import type { AuditEntry, OrganizationRecord } from '../../../mock-server/store/records.ts'
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
  return createPersistentStore({ memory, loaded, save }).store
}

async function preparedFile(): Promise<string> {
  const file = stateFile()
  const state = openState(file)
  await storeOf(state).addOrganization(ORGANIZATION, [], AUDIT)
  state.close()
  return file
}

/** What the slot holds: `old`, `new`, or nothing that can be read. */
function keyIn(file: string): string {
  rmSync(`${file}.lock`, { force: true })
  const state = openState(file)
  state.close()
  return String(state.loaded.organizations[0]?.apiKey.current.sealed)
}

const rotate = (before: OrganizationRecord): OrganizationRecord => {
  const next = { digest: Buffer.alloc(32, 2), sealed: Buffer.from('new') }
  return { ...before, apiKey: rotateSlot(before.apiKey, next, 0, AT) }
}

test.each([
  ['fails', false, false],
  ['fails after it took effect', true, false],
  ['is the last before a crash', false, true],
  ['is the last before a crash, and took effect', true, true],
])(
  'K-402: when the nth operation of a rotation %s, the file holds the old key or the new one',
  async (_what, isDone, isForGood) => {
    for (let nth = 1; ; nth++) {
      const file = await preparedFile()
      const { files, count } = failingAt(nth, isDone, isForGood)
      const state = openState(file, files)
      const store = storeOf(state)
      const before = count.operations
      const outcome = await store.changeOrganization(ID, rotate, AUDIT).then(
        () => 'kept',
        (error: { readonly code?: string }) => error.code,
      )
      if (outcome === 'kept') {
        expect(keyIn(file)).toBe('new')
        expect(nth).toBeGreaterThan(count.operations - before)
        return
      }
      expect(outcome).toBe('ERR_STATE_FILE')
      const inMemory = await store.organization(ID)
      expect(String(inMemory?.apiKey.current.sealed)).toBe('old')
      expect(await store.auditEntries(ID)).toEqual([])
      // A failure is taken back; a crash may come after the last word.
      expect(isForGood ? ['old', 'new'] : ['old']).toContain(keyIn(file))
    }
  },
)

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
