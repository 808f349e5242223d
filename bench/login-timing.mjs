// Whether the time of a refused login tells anything (F-707): an unknown user, a wrong password, a locked
// person and an API-only one with the right password. `node bench/login-timing.mjs [--json]`; ends with 1
// when a median is further than 5 % from that of an unknown user. In turns, in process, at scrypt's N of
// 2^15: the more a scrypt costs, the less all else weighs.
import { cpus } from 'node:os'
import { createTeamServer } from 'teamserver-engine/mock-server'
import { median } from './shared/statistics.mjs'

const LOGINS = 50
const GOAL_PERCENT = 5
const RIGHT = 'Right-password-1'
const WRONG = 'Wrong-password-1'

const teamServer = createTeamServer({ scryptCost: 2 ** 15 })
// Nobody is locked on the way: then every row stays what it is.
await teamServer.setPasswordPolicy({ lockoutAttempts: 0 })
const shop = await teamServer.createOrganization({ name: 'Shop' })
const [chosen, locked] = await Promise.all(
  ['chosen', 'locked'].map((userName) =>
    shop.addPerson({ role: 'view', userName, password: RIGHT }),
  ),
)
const generated = await shop.addPerson({ role: 'view', userName: 'generated' })
const apiOnly = await shop.addPerson({ role: 'view', userName: 'api-only', isApiOnly: true })
await shop.lockPerson(locked?.userName ?? '')

/** @type {readonly { what: string, userName: string, password: string }[]} */
const ROWS = [
  { what: 'an unknown user', userName: 'nobody', password: WRONG },
  { what: 'a wrong password', userName: chosen?.userName ?? '', password: WRONG },
  { what: 'wrong for a generated one', userName: generated.userName, password: WRONG },
  { what: 'a locked person, right', userName: locked?.userName ?? '', password: RIGHT },
  { what: 'an API-only person, right', userName: apiOnly.userName, password: apiOnly.password },
]

/** @type {Map<string, number[]>} */
const times = new Map(ROWS.map(({ what }) => [what, []]))
for (let turn = -2; turn < LOGINS; turn++) {
  for (const { what, userName, password } of turn % 2 === 0 ? ROWS : ROWS.toReversed()) {
    const startedAt = performance.now()
    const response = await teamServer.handle(
      new Request('http://127.0.0.1/Contrast/api/ng/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ userName, password }),
      }),
    )
    await response.arrayBuffer()
    if (response.status !== 401) throw new Error(`${what} was answered with ${response.status}`)
    if (turn >= 0) times.get(what)?.push(performance.now() - startedAt)
  }
}
await teamServer.close()

const floorMs = median(times.get(ROWS[0]?.what ?? '') ?? [])
const results = ROWS.map(({ what }) => {
  const medianMs = median(times.get(what) ?? [])
  const percent = (medianMs / floorMs - 1) * 100
  return { what, medianMs, percent, isMet: Math.abs(percent) <= GOAL_PERCENT }
})
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ node: process.version, logins: LOGINS, results }))
} else {
  console.log(
    `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, ${LOGINS} logins each`,
  )
  for (const { what, medianMs, percent, isMet } of results) {
    const figure = `${medianMs.toFixed(1)} ms  ${percent.toFixed(1)} %`
    console.log(`${what.padEnd(30)}${figure.padEnd(20)}${isMet ? '' : `  goal ${GOAL_PERCENT} %`}`)
  }
}
process.exitCode = results.every(({ isMet }) => isMet) ? 0 : 1
