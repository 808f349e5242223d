import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/ensure-built.ts'],
    // What engines of tests spool must not lie about in the home of whoever runs them.
    env: { XDG_STATE_HOME: join(tmpdir(), `teamserver-engine-tests-${process.pid}`) },
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
})
