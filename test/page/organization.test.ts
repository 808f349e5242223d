import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Download, Page } from 'playwright-core'
import { expect } from 'vitest'
import { parse } from 'yaml'
import { useBrowser } from './browser.ts'
import { createStage, signIn } from './people.ts'

const pageTest = useBrowser()

const AGENT_KEYS = 'organization/agent-keys'
const ADDRESSES = 'organization/addresses'
const AUDIT_LOG = 'organization/audit-log'

const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

async function bytesOf(download: Download): Promise<Buffer> {
  return readFileSync(await download.path())
}

pageTest(
  'an agent key is added by its name, rotated with an overlap, and deleted',
  async (open) => {
    const { url, admin, shop } = await createStage()
    const page = await open()
    await signIn(page, url, admin, AGENT_KEYS)
    await card(page, 'default')
      .getByText(/, not used yet$/)
      .waitFor()
    await page.getByRole('button', { name: 'Add an agent key' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('default')
    await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click()
    await page.getByText('an agent key of this name exists already').waitFor()
    await page.getByRole('dialog').getByLabel('Name').fill('staging & test')
    await page.keyboard.press('Enter')
    const staging = card(page, 'staging & test')
    await staging.waitFor()
    const added = (await shop.agentKeys()).find(({ name }) => name === 'staging & test')
    await staging.getByText(added?.userName ?? '?').waitFor()
    await staging.getByRole('button', { name: 'Show token of staging & test' }).click()
    await staging.getByText(added?.token ?? '?').waitFor()

    await staging.getByRole('button', { name: 'Rotate staging & test' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click()
    await staging.getByText('The replaced service key is still accepted').waitFor()
    const rotated = (await shop.agentKeys()).find(({ name }) => name === 'staging & test')
    expect(rotated?.serviceKey).not.toBe(added?.serviceKey)
    await staging.getByRole('button', { name: 'Refuse it from now on' }).click()
    await staging
      .getByText('The replaced service key is still accepted')
      .waitFor({ state: 'detached' })

    await staging.getByRole('button', { name: 'Delete staging & test' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await staging.waitFor({ state: 'detached' })
    expect((await shop.agentKeys()).map(({ name }) => name)).toEqual(['default'])
  },
)

pageTest(
  'the engine and its YAML are downloaded with the credentials of that key',
  async (open) => {
    const { url, admin, shop } = await createStage()
    const staging = await shop.addAgentKey({ name: 'staging' })
    const page = await open()
    await signIn(page, url, admin, AGENT_KEYS)
    const download = async (name: string) => {
      const [started] = await Promise.all([
        page.waitForEvent('download'),
        card(page, 'staging').getByRole('link', { name }).click(),
      ])
      return started
    }
    const engine = await download('Download the engine')
    expect(engine.suggestedFilename()).toMatch(/^teamserver-engine-.*\.tgz$/)
    expect(gunzipSync(await bytesOf(engine)).includes(staging.serviceKey)).toBe(true)
    const yaml = parse((await bytesOf(await download('Download YAML'))).toString())
    expect(yaml.api).toMatchObject({ user_name: staging.userName, service_key: staging.serviceKey })
  },
)

pageTest('when a key was last used is seen by who looks', async (open) => {
  const { url, admin, shop, listener } = await createStage()
  const page = await open()
  await signIn(page, url, admin, AGENT_KEYS)
  await card(page, 'default')
    .getByText(/, not used yet$/)
    .waitFor()
  await fetch(`${listener.url}/api/engine/v1/heartbeat`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: btoa(`${shop.agent.userName}:${shop.agent.serviceKey}`),
    },
    body: '{"counters":{}}',
  })
  await card(page, 'default')
    .getByText(/, last used /)
    .waitFor({ timeout: 2_000 })
})

pageTest('a rules administrator sees agent keys and changes none', async (open) => {
  const { url, shop } = await createStage()
  const rules = await shop.addPerson({ role: 'rules_admin', userName: 'rules@shop' })
  const page = await open()
  await signIn(page, url, rules, AGENT_KEYS)
  await card(page, 'default').getByRole('button', { name: 'Show service key of default' }).waitFor()
  for (const name of ['Add an agent key', 'Rotate default', 'Delete default']) {
    expect(await page.getByRole('button', { name }).count()).toBe(0)
  }
})

pageTest('the list of addresses is saved as a whole, and what is none is named', async (open) => {
  const { url, admin, shop } = await createStage()
  const page = await open()
  await signIn(page, url, admin, ADDRESSES)
  const list = page.getByLabel('IP Address/Subnet Mask')
  await page.getByText('requests may come from everywhere').waitFor()
  await list.fill('127.0.0.1\n\n 10.0.0.0/33 ')
  await page.getByRole('button', { name: 'Save' }).click()
  await page
    .getByRole('alert')
    .filter({ hasText: '“10.0.0.0/33” must be an IPv4 or IPv6 address' })
    .waitFor()
  expect(await shop.addressRanges()).toEqual({ ranges: [], appliesToAgents: false })
  await list.fill('127.0.0.1\n10.0.0.0/8')
  await page.getByRole('switch', { name: 'Engines too' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').waitFor()
  expect(await shop.addressRanges()).toEqual({
    ranges: ['127.0.0.1', '10.0.0.0/8'],
    appliesToAgents: true,
  })
})

pageTest('of two lists at once the later one holds, whole, and was told (S-506)', async (open) => {
  const { url, admin, shop } = await createStage()
  const other = await shop.addPerson({ role: 'admin', userName: 'other@shop' })
  const [mine, theirs] = [await open(), await open()]
  await signIn(mine, url, admin, ADDRESSES)
  await signIn(theirs, url, other, ADDRESSES)
  const list = (page: Page) => page.getByLabel('IP Address/Subnet Mask')
  await list(mine).fill('127.0.0.1\n10.0.0.0/8')
  await list(theirs).fill('127.0.0.1\n192.0.2.0/24')
  await theirs.getByRole('button', { name: 'Save' }).click()
  await mine.getByText('Somebody else has just saved another list').waitFor({ timeout: 1_000 })
  await mine.getByRole('button', { name: 'Save' }).click()
  await mine.getByText('Saved.').waitFor()
  expect((await shop.addressRanges()).ranges).toEqual(['127.0.0.1', '10.0.0.0/8'])
  await expect.poll(() => list(theirs).inputValue()).toBe('127.0.0.1\n10.0.0.0/8')
})

pageTest('whoever locks themselves out is told with the answer', async (open) => {
  const { url, admin } = await createStage()
  const page = await open()
  await signIn(page, url, admin, ADDRESSES)
  await page.getByLabel('IP Address/Subnet Mask').fill('203.0.113.7')
  await page.getByRole('button', { name: 'Save' }).click()
  await page
    .getByText(
      /The address that this call came from is not in the list|there is no such screen|not allowed|Sign in/i,
    )
    .first()
    .waitFor()
})

pageTest('the audit log is searched by words and dates, page by page', async (open) => {
  const { url, admin, shop, teamServer } = await createStage()
  for (let turn = 0; turn < 30; turn++) await shop.apiKey.rotate()
  teamServer.clock.advance(3 * 86_400_000)
  await shop.addAgentKey({ name: '<b>bold</b>' })
  const page = await open()
  await signIn(page, url, admin, AUDIT_LOG)
  const lines = page.locator('.audit tbody tr')
  await lines.first().getByText('signed in').waitFor()
  expect(await lines.count()).toBe(25)
  await page.getByLabel('Search').fill('rotated the organization')
  await page.getByText('1–25 of 30').waitFor()
  await page.getByRole('button', { name: 'Older' }).click()
  await page.getByText('26–30 of 30').waitFor()
  expect(await lines.count()).toBe(5)
  await page.getByRole('button', { name: 'Clear' }).click()
  const today = teamServer.clock.now().toISOString().slice(0, 10)
  await page.getByLabel('From').fill(today)
  await page.getByLabel('Search').fill('agent key')
  await lines.filter({ hasText: 'added the agent key <b>bold</b>' }).waitFor()
  await page.getByText('1–1 of 1').waitFor()
  await page.getByLabel('Until').fill('2020-01-01')
  await page.getByText('Nothing is as wanted').waitFor()
})

pageTest('an auditor sees the audit log, and nothing else of the organization', async (open) => {
  const { url, shop } = await createStage()
  const auditor = await shop.addPerson({ role: 'auditor', userName: 'auditor@shop' })
  const page = await open()
  await signIn(page, url, auditor)
  await page.getByRole('heading', { name: 'Audit log' }).waitFor()
  expect(
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts(),
  ).toEqual(['Audit log'])
  await shop.apiKey.rotate()
  await page.getByText('rotated the organization API key').first().waitFor({ timeout: 2_000 })
})
