import { expect, test } from 'vitest'
import { createEstate, pluck } from './inventory/estate.ts'

test('webhooks are added, shown, changed and removed, and the audit log tells no address', async () => {
  const { call, shop } = await createEstate()
  const hook = { name: 'chat', url: 'https://chat.test/hook?token=s3cret', payload: '$Title' }
  expect(await call('POST', '/webhooks', hook)).toMatchObject({ status: 200 })
  await call('POST', '/webhooks', { ...hook, name: 'mail', applications: ['1'], use_html: true })
  const { body } = await call('GET', '/webhooks?expand=skip_links')
  expect(body).toEqual({
    success: true,
    messages: [],
    webhooks: [
      {
        id: 1,
        name: 'chat',
        url: hook.url,
        payload: '$Title',
        all_applications: true,
        applications: [],
        contrast_product: 'ASSESS',
        webhook_type: 'GENERIC',
        use_html: false,
        valid: true,
        properties: [],
        serverless_account_ids: [],
        serverless_rule_severities: [],
      },
      expect.objectContaining({
        id: 2,
        name: 'mail',
        all_applications: false,
        applications: ['1'],
      }),
    ],
  })
  await call('PUT', '/webhooks/2', { ...hook, name: 'post' })
  expect((await call('GET', '/webhooks/2')).body).toMatchObject({
    webhook: { name: 'post', all_applications: true },
  })
  await call('DELETE', '/webhooks/1')
  expect((await call('GET', '/webhooks/1')).status).toBe(404)
  expect((await call('DELETE', '/webhooks/1')).status).toBe(404)
  expect((await call('POST', '/webhooks', { name: 'x', url: 'ftp://x' })).status).toBe(400)
  const log = await shop.auditLog()
  expect(log.map(({ reason }) => reason)).toEqual(
    expect.arrayContaining(['webhook-added', 'webhook-changed', 'webhook-removed']),
  )
  expect(JSON.stringify(log)).not.toContain('s3cret')
})

test('methods that are trusted with input are added, found, switched and removed', async () => {
  const { call, read } = await createEstate()
  const trusted = { name: 'escape', api: 'shop.escape', language: 'Node', rules: ['xss'] }
  const { body } = await call('POST', '/controls/sanitizers', trusted)
  expect(body).toMatchObject({
    sanitizer: { id: 1, sanitizer_id: 1, type: 'SANITIZER', enabled: true, rules: ['xss'] },
  })
  await call('POST', '/controls/validators', {
    name: 'check',
    api: 'C.check',
    language: '.NET Core',
  })
  const names = async (query: string) => {
    const { controls } = (await call('GET', `/controls${query}`)).body as { controls: unknown }
    return pluck(controls, 'name')
  }
  expect(await names('')).toEqual(['escape', 'check'])
  expect(await names('?q=SHOP.')).toEqual(['escape'])
  expect(await names('?quickFilter=DOTNET_CORE')).toEqual(['check'])
  expect(await names('/sanitizers')).toEqual(['escape'])
  expect(await names('/validators')).toEqual(['check'])
  const counts = (await call('GET', '/controls/filters/quick')).body as { filters: unknown }
  expect(pluck(counts.filters, 'count')).toEqual([2, 0, 0, 1, 1, 0])
  await call('PUT', '/controls/1/enabled')
  await call('PUT', '/controls/1', { ...trusted, name: 'clean' })
  expect((await call('GET', '/controls/1')).body).toMatchObject({
    control: { name: 'clean', enabled: false, type: 'SANITIZER' },
  })
  await call('DELETE', '/controls/1')
  expect(await names('')).toEqual(['check'])
  expect((await call('PUT', '/controls/1/enabled')).status).toBe(404)
  await expect(read('/controls')).rejects.toThrow('role-refused')
})
