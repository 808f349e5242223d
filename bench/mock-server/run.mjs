// The mock TeamServer beside bare node:http, fastify, Mockoon, Prism, WireMock, msw and nock, in one run.
//
//   npm run bench:mock [-- --only start,one,sixteen] [--rounds 5] [--json] [--write]
//
// Method. Every server is a process of its own, started by its own command; the load comes from this one.
// Rounds take turns between them, so that a busy moment of the machine meets all; what is shown are medians,
// and ratios to bare node:http of the same run, which reads, hashes both headers, parses and keeps. What each
// measure does stands at the head of its file in bench/mock-server/measures. `--write` puts the tables into
// docs/benchmarks.md. WireMock needs Java and is left out where there is none.
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peersIn } from '../shared/peers.mjs'
import { runMeasures } from '../shared/run-measures.mjs'
import { measureHeap } from './measures/heap.mjs'
import { measureInProcess } from './measures/in-process.mjs'
import { measureMemory } from './measures/memory.mjs'
import { measureStart } from './measures/start.mjs'
import { measureThroughput } from './measures/throughput.mjs'
import { peerServers } from './servers.mjs'

/**
 * @typedef {object} Given
 * @property {string} folder Where servers may keep files.
 * @property {string} peersFolder
 * @property {readonly import('./servers.mjs').ServerEntry[]} peers
 * @property {number} rounds
 */

const PACKAGES = ['fastify', '@mockoon/cli', '@stoplight/prism-cli', 'wiremock', 'nock']

await runMeasures({
  command: 'bench:mock',
  measures: {
    start: measureStart,
    one: measureThroughput(1),
    sixteen: measureThroughput(16),
    process: measureInProcess,
    heap: measureHeap,
    memory: measureMemory,
  },
  async prepare() {
    const installed = peersIn('peers-mock')
    installed.install()
    const folder = mkdtempSync(join(tmpdir(), 'bench-mock-'))
    const { version } = createRequire(import.meta.url)('msw/package.json')
    return {
      given: { folder, peersFolder: installed.folder, peers: peerServers(installed.folder) },
      peers: [...PACKAGES.map((name) => `${name} ${installed.version(name)}`), `msw ${version}`],
      close: async () => rmSync(folder, { recursive: true, force: true }),
    }
  },
})
