// The mock TeamServer under attack. Told `rest`, it says for how long its loop stood still at most since
// the last time, and what is resident once the garbage is gone.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createTeamServer } from 'teamserver-engine/mock-server'

// Little is kept on purpose, so that what stays is what should not.
const teamServer = createTeamServer({
  retention: { reports: 1_000, reportCharacters: 1_048_576, auditEntries: 100 },
  requestLog: { requests: 100, bytes: 1_048_576 },
})
const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
const { url } = await teamServer.listen()
const { userName, serviceKey } = shop.agent

const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
process.on('message', () => {
  const blockedMs = delay.max / 1e6
  for (let turn = 0; turn < 3; turn++) global.gc?.()
  const residentMiB = process.memoryUsage().rss / 1_048_576
  // What the collection took is no request's.
  setTimeout(() => {
    delay.reset()
    process.send?.({ blockedMs, residentMiB })
  }, 100)
})
process.send?.({
  url: `${url}/api/engine/v1/reports`,
  headers: {
    authorization: Buffer.from(`${userName}:${serviceKey}`).toString('base64'),
    'api-key': shop.apiKey.value,
  },
})
process.once('disconnect', () => process.exit(0))
