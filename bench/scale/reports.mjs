// Very many reports at the default retention: memory is flat once it is full.
import { createTeamServer } from 'teamserver-engine/mock-server'
import { reportBody } from '../load.mjs'
import { authorizationOf, reportRequest, residentBytes } from './measuring.mjs'

const COUNT = Number(process.argv[2])
const BATCH = 1_000
const MIB = 1_048_576

const teamServer = createTeamServer()
const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
const authorization = authorizationOf(shop.agent)
const idle = residentBytes()

let peak = 0
let half = 0
const startedAt = performance.now()
for (let sent = 0; sent < COUNT; sent += BATCH) {
  const reports = Array.from(
    { length: BATCH },
    (_, at) => JSON.parse(reportBody(sent + at)).reports[0],
  )
  const body = JSON.stringify({ reports })
  const { status } = await teamServer.handle(reportRequest(authorization, shop.apiKey.value, body))
  if (status !== 202) throw new Error(`answered ${status}`)
  peak = Math.max(peak, process.memoryUsage().rss)
  if (half === 0 && sent >= COUNT / 2) half = residentBytes()
}
const seconds = (performance.now() - startedAt) / 1_000
const end = residentBytes()
process.send?.([
  { what: 'resident before the first report', value: idle / MIB, unit: 'MiB' },
  { what: `resident after ${COUNT} reports`, value: end / MIB, unit: 'MiB', goal: 250 },
  { what: 'at most, garbage included', value: peak / MIB, unit: 'MiB' },
  { what: 'grown in the second half', value: (end - half) / MIB, unit: 'MiB', goal: 16 },
  { what: 'reports kept', value: (await shop.reports()).length, unit: '' },
  { what: 'a second, made and sent in the same process', value: COUNT / seconds, unit: '' },
])
process.once('disconnect', () => process.exit(0))
