import { afterEach, expect, test, vi } from 'vitest'
import { systemClock } from '../../sdk/clock.ts'

afterEach(() => vi.unstubAllGlobals())

test('a test environment whose timers are numbers does not stop the engine', async () => {
  vi.stubGlobal('setTimeout', () => 7)
  await new Promise<void>((resolve) => {
    systemClock.after(0, resolve, { keepsProcessAlive: true })
  })
  const cancel = systemClock.after(1_000, () => {})
  expect(cancel).not.toThrow()
})
