// Ends with 0 only if its report was accepted.
import { createEngine } from 'teamserver-engine'

const engine = createEngine({ application: { name: 'shop' }, spoolDirectory: false })
engine.report({ type: 'finding', rule: 'cookie-flags-missing', severity: 'medium' })
await engine.close()
const { accepted } = engine.status()
console.log(`${accepted} accepted`)
process.exitCode = accepted === 1 ? 0 : 1
