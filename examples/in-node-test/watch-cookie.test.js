import { after, test } from 'node:test'
import { createEngine } from 'teamserver-engine'
import { assertAddsUp, assertStored, createTeamServer } from 'teamserver-engine/mock-server'
import { watchCookie } from './watch-cookie.js'

const teamServer = createTeamServer()
after(() => teamServer.close())

test('a cookie without HttpOnly is reported', async () => {
  const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
  const engine = createEngine({ ...shop.engineOptions(), fetch: teamServer.fetch })
  watchCookie(engine, 'session=b0a7; SameSite=Lax')
  await engine.close()

  await assertStored(shop, { rule: 'cookie-flags-missing', severity: 'medium' })
  assertAddsUp(shop, engine)
})
