// One agent key against very many: what a request costs, and what a key takes of memory.
import { createTeamServer } from 'teamserver-engine/mock-server'
import { median } from '../load.mjs'
import { authorizationOf, reportRequest, usedBytes } from './measuring.mjs'

const COUNT = Number(process.argv[2])
const ROUNDS = 15
const REQUESTS = 1_000

// Few reports are kept, so that the heap is that of the keys.
const teamServer = createTeamServer({ retention: { reports: 1_000, auditEntries: 100 } })
const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
const apiKey = shop.apiKey.value

/** @param {readonly string[]} authorizations */
async function costs(authorizations) {
  const times = []
  for (let round = 0; round < ROUNDS; round++) {
    const requests = Array.from({ length: REQUESTS }, (_, at) =>
      reportRequest(authorizations[(round * REQUESTS + at) % authorizations.length] ?? '', apiKey),
    )
    const startedAt = performance.now()
    for (const request of requests) {
      const { status } = await teamServer.handle(request)
      if (status !== 202) throw new Error(`answered ${status}`)
    }
    times.push(((performance.now() - startedAt) / REQUESTS) * 1_000)
  }
  return median(times)
}

const one = [authorizationOf(shop.agent)]
await costs(one)
const before = await costs(one)

const usedBefore = usedBytes()
let textBytes = 0
const sample = []
const startedAt = performance.now()
for (let at = 0; at < COUNT; at++) {
  const key = await shop.addAgentKey({ name: `key-${at}` })
  textBytes += `key-${at}`.length + key.userName.length + key.serviceKey.length
  if (at % Math.ceil(COUNT / 10_000) === 0) sample.push(authorizationOf(key))
}
const addedUs = ((performance.now() - startedAt) / COUNT) * 1_000
const bytesPerKey = (usedBytes() - usedBefore - textBytes) / COUNT

const after = await costs(one)
const spread = await costs(sample)
process.send?.([
  { what: 'a request with one agent key', value: before, unit: 'µs' },
  { what: `the same with ${COUNT} more`, value: after, unit: 'µs' },
  { what: 'against one key, by the same key', value: after / before, unit: 'x', goal: 1.2 },
  { what: 'against one key, by 10 000 keys in turn', value: spread / before, unit: 'x', goal: 1.2 },
  { what: 'memory of a key above its texts', value: bytesPerKey, unit: 'bytes', goal: 300 },
  { what: 'adding a key', value: addedUs, unit: 'µs' },
])
process.once('disconnect', () => process.exit(0))
