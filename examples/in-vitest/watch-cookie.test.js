import { createEngine } from 'teamserver-engine'
import { expect, test } from 'teamserver-engine/mock-server/vitest'
import { watchCookie } from './watch-cookie.js'

test('a cookie without HttpOnly is reported', async ({ organization, teamServer }) => {
  const engine = createEngine({ ...organization.engineOptions(), fetch: teamServer.fetch })
  watchCookie(engine, 'session=b0a7; SameSite=Lax')
  watchCookie(engine, 'theme=dark; HttpOnly')
  await engine.close()

  await expect(organization).toHaveStored({ title: 'Cookie session without HttpOnly' })
  await expect(organization).not.toHaveStored({ title: /theme/ })
  expect(organization).toAddUp(engine)
})

test('without the organization API key nothing is stored', async ({ organization, teamServer }) => {
  const { organizationApiKey: _, ...layerOne } = organization.engineOptions()
  await organization.apiKey.enable()
  const quiet = { spoolDirectory: false, logger: false, flushIntervalMs: 10 }
  const engine = createEngine({ ...layerOne, ...quiet, fetch: teamServer.fetch })
  watchCookie(engine, 'session=b0a7')

  await expect(organization).toHaveRefused({ reason: 'api-key-wrong' })
  await expect(organization).not.toHaveStored()
  await engine.close()
})
