import { expect, test } from 'vitest'
import { createTeamServer } from '../../mock-server/index.ts'
import { ask } from './ask.ts'
import { authorizationOf, finding } from './shop.ts'

const ORGANIZATIONS = 200
const REPORTS = 100
const BATCH = 10

test('of 200 organizations that report side by side each has its own 100 reports and no other', async () => {
  const teamServer = createTeamServer()
  const numbers = Array.from({ length: ORGANIZATIONS }, (_, at) => at)
  const organizations = await Promise.all(
    numbers.map((at) =>
      teamServer.createOrganization({ name: `Shop ${at}`, apiKey: { enabled: at % 2 === 0 } }),
    ),
  )
  // The same ids in each: an id is unique in its organization alone.
  const batches = Array.from({ length: REPORTS / BATCH }, (_, batch) =>
    Array.from({ length: BATCH }, (_, at) => `r-${batch * BATCH + at}`),
  )
  await Promise.all(
    organizations.map(async ({ name, agent, apiKey }, at) => {
      const authorization = authorizationOf(agent)
      const headers = apiKey.isEnabled ? { 'api-key': apiKey.value } : {}
      const neighbour = organizations[(at + 1) % ORGANIZATIONS]
      for (const ids of batches) {
        const reports = ids.map((id) => finding(id, { title: name }))
        const json = { application: `${name} app`, reports }
        const taken = await ask(teamServer, 'POST', '/engine/v1/reports', {
          authorization,
          headers,
          json,
        })
        expect(taken).toMatchObject({ status: 202, body: { added: BATCH, known: 0, rejected: [] } })
        const path = `/engine/v1/organizations/${neighbour?.id}/reports`
        const crossing = await ask(teamServer, 'POST', path, { authorization, headers, json })
        expect(crossing.status).toBe(403)
      }
    }),
  )
  for (const [at, organization] of organizations.entries()) {
    const { name } = organization
    const wanted = batches.flat().map((id) => finding(id, { title: name }))
    expect(await organization.reports()).toEqual(wanted)
    expect((await organization.applications()).map((each) => each.name)).toEqual([`${name} app`])
    // Of the neighbour before, one refusal for each of its batches.
    const before = organizations[(at + ORGANIZATIONS - 1) % ORGANIZATIONS]
    const refusals = await organization.refusals()
    expect(refusals.map(({ claimedUserName }) => claimedUserName)).toEqual(
      batches.map(() => before?.agent.userName),
    )
    expect(organization.ledger()).toMatchObject({ accepted: REPORTS })
  }
  await teamServer.close()
})
