import { expect, test } from 'vitest'
import { packAgentKey, unpackAgentKey } from '../../../mock-server/store/packed-agent-key.ts'
import type { AgentKeyRecord } from '../../../mock-server/store/records.ts'

const FRESH: AgentKeyRecord = {
  kind: 'agent',
  userName: 'agent_0b1c@Shop',
  organizationId: '1edb7b55-3c7c-49e8-992f-378ea3e60a9f',
  name: 'default',
  serviceKey: {
    current: {
      digest: Buffer.from('00ff80'.repeat(8), 'hex'),
      sealed: Buffer.from('sealed é', 'utf8'),
      since: new Date('2026-01-02T03:04:05.678Z'),
    },
    retired: [],
  },
  createdAt: new Date('2026-01-01T00:00:00.001Z'),
}

test.each<[what: string, record: AgentKeyRecord]>([
  ['a fresh one', FRESH],
  ['one of the epoch', { ...FRESH, createdAt: new Date(0) }],
  ['one whose name is no ASCII', { ...FRESH, name: 'Schlüssel 🗝 第一' }],
  ['a deleted one', { ...FRESH, deletedAt: new Date('2026-02-01') }],
  [
    'one in its overlap',
    {
      ...FRESH,
      serviceKey: {
        ...FRESH.serviceKey,
        replaced: { digest: Buffer.alloc(32, 7), acceptedUntil: new Date('2026-03-01') },
      },
    },
  ],
  [
    'one that was rotated often',
    {
      ...FRESH,
      serviceKey: {
        ...FRESH.serviceKey,
        retired: Array.from({ length: 10 }, (_, at) => Buffer.alloc(32, at)),
      },
    },
  ],
])('%s is the same once it was packed', (_what, record) => {
  expect(unpackAgentKey(record.userName, packAgentKey(record))).toEqual(record)
})
