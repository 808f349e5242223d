import { once } from 'node:events'
import { connectOrganization } from 'teamserver-engine/mock-server'
import { expect, test } from 'teamserver-engine/mock-server/vitest'
import { shop } from './shop.js'

test('a visitor gets a cookie without HttpOnly, and TeamServer hears of it', async () => {
  await once(shop.listen(0, '127.0.0.1'), 'listening')
  const answer = await fetch(`http://127.0.0.1:${shop.address().port}`)
  expect(answer.headers.get('set-cookie')).toBe('session=b0a7')
  shop.close()

  const organization = await connectOrganization()
  await expect(organization).toHaveStored({ rule: 'cookie-flags-missing' }, { timeoutMs: 4_000 })
  await expect(organization).not.toHaveRefused()
})
