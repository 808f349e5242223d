import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { useBrowser } from './browser.ts'
import { createStage, signIn } from './people.ts'

const pageTest = useBrowser()

const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

/** What a press on this button puts into the clipboard. */
async function copied(page: Page, name: string): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name }).click()
  await page
    .getByRole('status')
    .filter({ hasText: `${name.replace(/^Copy /, '')}: copied` })
    .waitFor()
  return page.evaluate('navigator.clipboard.readText()')
}

pageTest(
  'the user menu leads to the keys, which are hidden until they are asked for (S-505)',
  async (open) => {
    const { url, admin, shop } = await createStage()
    const page = await open()
    await signIn(page, url, admin)
    await page.getByRole('button', { name: 'User menu of admin@shop' }).click()
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('heading', { name: 'API settings' }).waitFor()
    const apiKey = card(page, 'Organization API key')
    await apiKey.getByRole('button', { name: 'Show API key' }).waitFor()
    await card(page, 'Your keys').getByRole('button', { name: 'Show service key' }).waitFor()
    await card(page, 'Send a first report').getByText("curl '").waitFor()
    const secrets = [
      shop.apiKey.value,
      admin.serviceKey,
      admin.authorization,
      shop.agent.serviceKey,
    ]
    const html = await page.content()
    expect(secrets.filter((secret) => html.includes(secret))).toEqual([])
    await apiKey.getByRole('button', { name: 'Show API key' }).click()
    await apiKey.getByText(shop.apiKey.value).waitFor()
    expect(`${page.url()} ${await page.title()}`).not.toContain(shop.apiKey.value)
    await apiKey.getByRole('button', { name: 'Hide API key' }).click()
    await apiKey.getByText(shop.apiKey.value).waitFor({ state: 'detached' })
    expect(await page.getByText(shop.id).innerText()).toBe(shop.id)
  },
)

pageTest('each value is copied as it is', async (open) => {
  const { url, admin, shop } = await createStage()
  const page = await open()
  await signIn(page, url, admin, 'settings/api')
  await card(page, 'Send a first report').getByText("curl '").waitFor()
  expect(await copied(page, 'Copy organization ID')).toBe(shop.id)
  expect(await copied(page, 'Copy API key')).toBe(shop.apiKey.value)
  expect(await copied(page, 'Copy service key')).toBe(admin.serviceKey)
  expect(await copied(page, 'Copy authorization header')).toBe(admin.authorization)
})

pageTest('the second layer is switched on from the page, and holds from then on', async (open) => {
  const { url, admin, shop, listener } = await createStage()
  const page = await open()
  await signIn(page, url, admin, 'settings/api')
  const report = () =>
    fetch(`${listener.url}/api/engine/v1/reports`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: btoa(`${shop.agent.userName}:${shop.agent.serviceKey}`),
      },
      body: '{"reports":[]}',
    })
  expect((await report()).status).toBe(202)
  const layer = page.getByRole('switch', { name: 'Ask for the API key' })
  await layer.click()
  await page.getByText('Requests without it are refused').waitFor()
  expect(await layer.getAttribute('aria-checked')).toBe('true')
  expect(await (await report()).json()).toMatchObject({ reason: 'api-key-wrong' })
})

pageTest("a value of one's own is held to the rules while it is typed", async (open) => {
  const { url, admin, shop } = await createStage()
  const page = await open()
  await signIn(page, url, admin, 'settings/api')
  await page.getByRole('button', { name: 'Set a value…' }).click()
  const rules = page.getByRole('list', { name: 'Rules of the key policy' })
  const missed = async () =>
    (await rules.locator('.missed').allInnerTexts()).map((text) =>
      text.replace(/^Missed:\s*/, '').trim(),
    )
  const field = page.getByLabel('New API key')
  await field.fill('open sesame')
  await page.getByText('11 of 32 characters').waitFor()
  expect(await missed()).toEqual([
    'must be exactly 32 characters long',
    'needs at least 6 digits',
    'needs at least 6 upper case letters',
    'may hold visible ASCII characters only, and no space, comma or quote',
  ])
  const set = page.getByRole('button', { name: 'Set the key' })
  expect(await set.isDisabled()).toBe(true)
  const own = '0penSesame1001NightsAliBaba40XYz'
  await field.fill(own)
  expect(await missed()).toEqual([])
  await set.click()
  await field.waitFor({ state: 'detached' })
  expect(shop.apiKey.value).toBe(own)
  // What only the server knows is said too: the same one again.
  await page.getByRole('button', { name: 'Set a value…' }).click()
  await field.fill(own)
  await set.click()
  await page
    .getByRole('alert')
    .filter({ hasText: /may not be the current one/ })
    .waitFor()
})

pageTest('the key is rotated with an overlap that can be ended', async (open) => {
  const { url, admin, shop } = await createStage()
  const page = await open()
  await signIn(page, url, admin, 'settings/api')
  const apiKey = card(page, 'Organization API key')
  const before = shop.apiKey.value
  await apiKey.getByRole('button', { name: 'Rotate…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Rotate the organization API key' })
  await dialog.getByLabel('Accept the old key').selectOption({ label: 'For a day' })
  await dialog.getByRole('button', { name: 'Rotate' }).click()
  await page.getByText('The replaced key is still accepted').waitFor()
  expect(shop.apiKey.value).not.toBe(before)
  expect(shop.apiKey.acceptedUntil).toBeInstanceOf(Date)
  await page.getByRole('button', { name: 'Refuse it from now on' }).click()
  await page.getByText('The replaced key is still accepted').waitFor({ state: 'detached' })
  expect(shop.apiKey.acceptedUntil).toBeUndefined()
})

pageTest('Escape leaves a question, and the focus goes back where it was', async (open) => {
  const { url, admin, shop } = await createStage()
  const page = await open()
  await signIn(page, url, admin, 'settings/api')
  const before = shop.apiKey.value
  const rotate = card(page, 'Organization API key').getByRole('button', { name: 'Rotate…' })
  await rotate.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await rotate.evaluate((element) => element === document.activeElement)).toBe(true)
  expect(shop.apiKey.value).toBe(before)
})

pageTest('the sample of curl sends a report when it is pasted', async (open) => {
  const { url, admin, shop } = await createStage({ name: "Whalen'sOrg", isApiKeyEnabled: true })
  const page = await open()
  await signIn(page, url, admin, 'settings/api')
  await card(page, 'Send a first report').getByText("curl '").waitFor()
  const sample = await copied(page, 'Copy Sample for curl')
  const child = spawn('sh', ['-c', sample], { stdio: 'ignore' })
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(await shop.reports()).toEqual([
    { id: 'first', type: 'finding', rule: 'cookie-flags-missing' },
  ])
})

pageTest('the sample of Node holds what the engine needs', async (open) => {
  const { url, admin, shop, listener } = await createStage({
    name: "Whalen'sOrg",
    isApiKeyEnabled: true,
  })
  const page = await open()
  await signIn(page, url, admin, 'settings/api')
  await page.getByRole('tab', { name: 'Node, with the engine' }).click()
  const sample = await copied(page, 'Copy Sample for node')
  expect(sample).toContain(`url: '${listener.url}'`)
  expect(sample).toContain(`agentUserName: '${shop.agent.userName.replace("'", "\\'")}'`)
  expect(sample).toContain(`serviceKey: '${shop.agent.serviceKey}'`)
  expect(sample).toContain(`organizationApiKey: '${shop.apiKey.value}'`)
})

pageTest('what one administrator changes, another sees within a second', async (open) => {
  const { url, admin, shop } = await createStage()
  const other = await shop.addPerson({ role: 'admin', userName: 'other@shop' })
  const [mine, theirs] = [await open(), await open()]
  await signIn(mine, url, admin, 'settings/api')
  await signIn(theirs, url, other, 'settings/api')
  await theirs.getByText('Generated credentials alone are enough to report.').waitFor()
  await mine.getByRole('switch', { name: 'Ask for the API key' }).click()
  await theirs.getByText('Requests without it are refused').waitFor({ timeout: 1_000 })
  await shop.apiKey.rotate({ overlapMs: 60_000 })
  await theirs.getByText('The replaced key is still accepted').waitFor({ timeout: 1_000 })
})

pageTest.each([['edit'], ['rules_admin']])(
  'a person who is %s sees and copies the API key, and changes nothing',
  async (open, role) => {
    const { url, shop } = await createStage()
    const person = await shop.addPerson({ role: role as 'edit', userName: `${role}@shop` })
    const page = await open()
    await signIn(page, url, person, 'settings/api')
    const apiKey = card(page, 'Organization API key')
    await apiKey.getByText('It is not asked for.').waitFor()
    expect(await copied(page, 'Copy API key')).toBe(shop.apiKey.value)
    await apiKey.getByRole('button', { name: 'Show API key' }).click()
    await apiKey.getByText(shop.apiKey.value).waitFor()
    expect(await apiKey.getByRole('switch').count()).toBe(0)
    expect(await apiKey.getByRole('button').allInnerTexts()).toEqual(['Hide', 'Copied'])
    await shop.apiKey.rotate({ overlapMs: 60_000 })
    await apiKey.getByText(shop.apiKey.value).waitFor({ timeout: 1_000 })
    await apiKey.getByText('The replaced key is still accepted').waitFor()
    expect(await apiKey.getByRole('button', { name: 'Refuse it' }).count()).toBe(0)
  },
)

pageTest('a person who is view is told who sees the API key', async (open) => {
  const { url, shop } = await createStage()
  const viewer = await shop.addPerson({ role: 'view', userName: 'view@shop' })
  const page = await open()
  await signIn(page, url, viewer, 'settings/api')
  await page.getByText('the role edit, or one above it, sees it here').waitFor()
  await card(page, 'Your keys').getByRole('button', { name: 'Show service key' }).waitFor()
  expect(await page.getByRole('button', { name: 'Show API key' }).count()).toBe(0)
  expect(await page.content()).not.toContain(shop.apiKey.value)
})

pageTest('names are shown as the text they are (S-501)', async (open) => {
  const name = `"><img src=x onerror=alert(1)></title><script>alert(1)</script>{{7*7}}\u2028`
  const { url, teamServer } = await createStage()
  const org = await teamServer.createOrganization({ name })
  const admin = await org.addPerson({ role: 'admin', userName: '<b>admin</b>@shop' })
  const page = await open()
  let dialogs = 0
  page.on('dialog', (dialog) => {
    dialogs++
    void dialog.dismiss()
  })
  await signIn(page, url, admin, 'settings/api')
  const shown = page.locator('dd').filter({ hasText: '{{7*7}}' })
  expect((await shown.innerText()).replace(/\s+$/, '')).toBe(name.replace(/\u2028$/, ''))
  await page.getByRole('button', { name: 'User menu of <b>admin</b>@shop' }).waitFor()
  expect(await page.locator('img, b:has-text("admin"):not(.who b)').count()).toBe(0)
  expect(dialogs).toBe(0)
})
