import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { useBrowser } from './browser.ts'
import { createStage, signIn } from './people.ts'

const pageTest = useBrowser()

/** A page of another site: another host, so that the browser takes it for one. */
async function otherSite(): Promise<string> {
  const server = createServer((_request, response) => {
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<!doctype html><title>evil</title>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://localhost:${(server.address() as AddressInfo).port}/`
}

/** Sends a form or a fetch as that page would, and waits until it is answered. */
async function sendFrom(
  page: Page,
  method: 'POST' | 'PUT',
  to: string,
  type: string,
): Promise<void> {
  await page.evaluate(
    ([how, where, contentType]) =>
      fetch(String(where), {
        method: String(how),
        credentials: 'include',
        headers: { 'content-type': String(contentType) },
        body: '{"enabled":true,"userName":"x","password":"x"}',
      }).catch(() => {}),
    [method, to, type] as const,
  )
}

pageTest(
  'a page of another site changes nothing in the name of who is signed in (S-502, F-710)',
  async (_open, newContext) => {
    const { url, admin, shop, listener } = await createStage()
    const context = await newContext()
    const page = await context.newPage()
    await signIn(page, url, admin)
    const evil = await context.newPage()
    await evil.goto(await otherSite())
    const api = `${listener.url}/api/ng`
    const changes = [
      ['PUT', `${api}/${shop.id}/organizations/apikey`],
      ['PUT', `${api}/${shop.id}/organizations/apikey/rotate`],
      ['POST', `${api}/${shop.id}/agents/keys`],
      ['POST', `${api}/${shop.id}/live/forged-attempts`],
      ['PUT', `${api}/profile/servicekey/rotate`],
      ['POST', `${api}/logout`],
      ['POST', `${api}/login`],
    ] as const
    const before = { key: shop.apiKey.value, agentKeys: (await shop.agentKeys()).length }
    for (const [method, to] of changes) {
      for (const type of ['text/plain', 'application/json']) await sendFrom(evil, method, to, type)
    }
    const forms = evil.evaluate((to) => {
      const form = document.createElement('form')
      Object.assign(form, { method: 'post', action: to, enctype: 'text/plain' })
      document.body.append(form)
      form.submit()
    }, `${api}/logout`)
    await Promise.all([forms, evil.waitForURL(`${api}/logout`)])
    expect(shop.apiKey.isEnabled).toBe(false)
    expect(shop.apiKey.value).toBe(before.key)
    expect(await shop.agentKeys()).toHaveLength(before.agentKeys)
    expect(await shop.reports()).toEqual([])
    // Still signed in.
    await page.reload()
    await page.getByRole('button', { name: /^User menu/ }).waitFor()
  },
)

pageTest('no other page shows this one in a frame (S-503)', async (_open, newContext) => {
  const { url } = await createStage()
  const context = await newContext()
  const evil = await context.newPage()
  await evil.goto(await otherSite())
  const refused = evil.waitForEvent('console', (message) =>
    /frame-ancestors|X-Frame-Options/i.test(message.text()),
  )
  await evil.evaluate((src) => {
    const frame = document.createElement('iframe')
    frame.src = src
    document.body.append(frame)
  }, url)
  await refused
  const frame = evil.frames().find((each) => each !== evil.mainFrame())
  expect(await frame?.locator('#page').count()).toBe(0)
})

pageTest(
  'whoever only reads from elsewhere gets nothing to read (S-409)',
  async (_open, newContext) => {
    const { url, admin, listener, shop } = await createStage()
    const context = await newContext()
    await signIn(await context.newPage(), url, admin)
    const evil = await context.newPage()
    await evil.goto(await otherSite())
    const read = await evil.evaluate(
      (to) =>
        fetch(to, { credentials: 'include' }).then(
          () => 'read',
          () => 'stopped',
        ),
      `${listener.url}/api/ng/${shop.id}/organizations/apikey`,
    )
    expect(read).toBe('stopped')
  },
)
