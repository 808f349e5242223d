// A mock TeamServer with so many agent keys. Told `one` or `all`, it answers what a request costs by the
// same key or by many in turn.
import { createTeamServer } from 'teamserver-engine/mock-server'
import { reportBody } from '../load.mjs'
import { authorizationOf, reportRequest, usedBytes } from './measuring.mjs'

const COUNT = Number(process.argv[2])
const REQUESTS = 1_000
const SAMPLE = 10_000

// Few reports are kept, so that the heap is that of the keys.
const teamServer = createTeamServer({ retention: { reports: 1_000, auditEntries: 100 } })
const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
const apiKey = shop.apiKey.value
const one = authorizationOf(shop.agent)
let sent = 0

/** Microseconds a request. @param {readonly string[]} authorizations */
async function cost(authorizations) {
  const requests = Array.from({ length: REQUESTS }, () => {
    const authorization = authorizations[sent++ % authorizations.length] ?? one
    // Without a name each key would have an application of its own.
    const body = JSON.stringify({ application: 'shop', ...JSON.parse(reportBody(sent)) })
    return reportRequest(authorization, apiKey, body)
  })
  const startedAt = performance.now()
  for (const request of requests) {
    const { status } = await teamServer.handle(request)
    if (status !== 202) throw new Error(`answered ${status}`)
  }
  return ((performance.now() - startedAt) / REQUESTS) * 1_000
}

for (let round = 0; round < 5; round++) await cost([one])
const usedBefore = usedBytes()
let textBytes = 0
const sample = [one]
const startedAt = performance.now()
for (let at = 0; at < COUNT; at++) {
  const key = await shop.addAgentKey({ name: `key-${at}` })
  textBytes += `key-${at}`.length + key.userName.length + key.serviceKey.length
  if (at % Math.ceil(COUNT / SAMPLE) === 0) sample.push(authorizationOf(key))
}
const addedUs = ((performance.now() - startedAt) / COUNT) * 1_000
const bytesPerKey = (usedBytes() - usedBefore - textBytes) / COUNT

process.on('message', async (order) => {
  process.send?.(await cost(order === 'one' ? [one] : sample))
})
process.once('disconnect', () => process.exit(0))
process.send?.({ addedUs, bytesPerKey })
