// Prints which files were loaded until the reporter had started.
import { Session } from 'node:inspector'

const session = new Session()
session.connect()
/** @type {string[]} */
const files = []
session.on('Debugger.scriptParsed', ({ params }) => files.push(params.url))
session.post('Debugger.enable')
const { loadReporter } = await import('./load-reporter.mjs')
const { reporter } = await loadReporter()
const loaded = [...files]
await reporter.close()
console.log(JSON.stringify({ loaded }))
