/**
 * What the package is tried with: each Node with the oldest majors that are supported, and with the
 * newest that run there.
 *
 * @typedef {Readonly<Record<string, string>>} Peers Major versions, where others than those of the lock file.
 * @typedef {{ node: string, peers: Peers }} Row
 */

/** undici 7, msw 2 and vitest 4. @type {Peers} */
export const OLDER = {}
/** undici 8 needs Node 22.19, msw 3 and vitest 5 need 22.12, and the types of that Node. @type {Peers} */
const NEWER = { undici: '8', msw: '3', vitest: '5', '@types/node': '22' }

/** @type {readonly Row[]} */
export const ROWS = [
  { node: '20', peers: OLDER },
  { node: '22', peers: OLDER },
  { node: '22', peers: NEWER },
  { node: '24', peers: OLDER },
  { node: '24', peers: NEWER },
  { node: '26', peers: OLDER },
  { node: '26', peers: NEWER },
]

/** With `--quick`: what meets Node, undici, msw and vitest most closely. */
export const TELLING_TESTS = [
  'test/wire',
  'test/sdk/transport',
  'test/sdk/spool',
  'test/mock-server/adapters',
  'test/mock-server/vitest',
  'test/end-to-end/pre-fitted-engine.test.ts',
  'test/end-to-end/processes.test.ts',
  'test/end-to-end/tls.test.ts',
]
