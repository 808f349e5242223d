// An application whose engine is configured by the environment, as in production.
import { createEngine } from 'teamserver-engine'

const engine = createEngine({ application: { name: 'shop' } })
engine.report({ type: 'finding', rule: 'cookie-flags-missing', severity: 'medium' })
await engine.close()
