// Runs in a fresh install, below `mock-teamserver run --api-key on`: two engines that were configured by
// the environment, the second without the organization API key.
import { createRequire } from 'node:module'
import { createEngine } from 'teamserver-engine'

const options = { spoolDirectory: false, logger: false, closeTimeoutMs: 2_000 }

const engine = createEngine(options)
engine.report({ type: 'finding', rule: 'cookie-flags-missing' })
await engine.close()
if (engine.status().accepted !== 1) throw new Error(JSON.stringify(engine.status()))

delete process.env.CONTRAST__API__API_KEY
const withoutKey = createRequire(import.meta.url)('teamserver-engine').createEngine(options)
withoutKey.report({ type: 'finding', rule: 'cookie-flags-missing' })
await withoutKey.flush({ timeoutMs: 2_000 })
await withoutKey.close()
if (withoutKey.status().accepted !== 0) throw new Error(JSON.stringify(withoutKey.status()))
