import { expect, test, vi } from 'vitest'
import { createUndiciTransport } from '../../../sdk/transport/undici.ts'

const load = vi.hoisted(() => ({ attempts: 0 }))

vi.mock('undici', async (loadUndici) => {
  const undici = await loadUndici<typeof import('undici')>()
  return {
    ...undici,
    get Agent() {
      load.attempts += 1
      if (load.attempts === 1) throw Object.assign(new Error('too many files'), { code: 'EMFILE' })
      return undici.Agent
    },
  }
})

test('undici that could not be loaded for once is loaded again with the next request', async () => {
  const transport = createUndiciTransport({ connectTimeoutMs: 1_000, connections: 1 })
  const request = { method: 'POST', url: 'http://127.0.0.1:1/', headers: {} } as const
  const send = () => transport.send(request, new AbortController().signal)
  await expect(send()).rejects.toMatchObject({ code: 'EMFILE' })
  await expect(send()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await expect(send()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  expect(load.attempts).toBe(2)
  transport.close()
})
