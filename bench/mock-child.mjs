// The mock TeamServer with both layers on, for the load to come from another process.
import { createTeamServer } from 'teamserver-engine/mock-server'

const teamServer = createTeamServer()
const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
const { url } = await teamServer.listen()
const { userName, serviceKey } = shop.agent
process.send?.({
  url: `${url}/api/engine/v1/reports`,
  headers: {
    authorization: Buffer.from(`${userName}:${serviceKey}`).toString('base64'),
    'api-key': shop.apiKey.value,
  },
})
process.once('disconnect', () => process.exit(0))
