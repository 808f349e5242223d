import type { Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { createEngine } from '../../sdk/index.ts'
import { useBrowser } from './browser.ts'
import { createStage, type Stage, signIn } from './people.ts'

const pageTest = useBrowser()

/** An engine that reports over the network, as an application runs it. */
function startEngine(
  { shop, listener }: Pick<Stage, 'shop' | 'listener'>,
  change: { readonly organizationApiKey?: string } = {},
) {
  const engine = createEngine({
    ...shop.engineOptions(),
    ...change,
    url: listener.url,
    application: { name: 'shop' },
    spoolDirectory: false,
    flushIntervalMs: 10,
    logger: false,
  })
  onTestFinished(() => engine.close())
  return engine
}

const FINDING = { type: 'finding', rule: 'cookie-flags-missing', severity: 'medium' } as const

const rows = (page: Page) => page.getByRole('listbox').getByRole('option')
const reports = (page: Page) => rows(page).filter({ hasText: '/engine/v1/reports' })

async function forge({ listener, shop }: Stage, headers: Record<string, string> = {}) {
  await fetch(`${listener.url}/api/engine/v1/reports`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: btoa(`${shop.agent.userName}:${shop.agent.serviceKey}`),
      ...headers,
    },
    body: '{"reports":[{"id":"forged","type":"finding","rule":"made-up"}]}',
  })
}

pageTest(
  'what an engine reports is seen as it comes, and what is forged is seen refused',
  async (open) => {
    const stage = await createStage({ isApiKeyEnabled: true })
    const page = await open()
    await signIn(page, stage.url, stage.admin, 'live')
    await page.getByText('No request has come yet').waitFor()
    const engine = startEngine(stage)
    engine.report(FINDING)
    await engine.flush()
    await reports(page).filter({ hasText: 'Taken' }).first().waitFor({ timeout: 1_000 })
    await forge(stage)
    await reports(page)
      .filter({ hasText: 'Refused' })
      .filter({ hasText: 'no API key was sent' })
      .waitFor({ timeout: 1_000 })
    const counts = page.locator('.counts')
    await counts.getByText('by layer two').waitFor()
    await expect.poll(() => counts.locator('div').last().locator('dd').innerText()).toBe('1')
    await page
      .getByRole('img', {
        name: /^In the last two minutes [1-9]\d* requests were taken and 1 refused/,
      })
      .waitFor()
  },
)

pageTest('one request shows the decision step by step, and no key', async (open) => {
  const stage = await createStage({ isApiKeyEnabled: true })
  const page = await open()
  await signIn(page, stage.url, stage.admin, 'live')
  await forge(stage, { 'api-key': 'guessed' })
  await rows(page).first().click()
  const details = page.getByRole('dialog', { name: 'POST /Contrast/api/engine/v1/reports' })
  const steps = details.getByRole('list', { name: 'The decision, step by step' })
  expect(
    (await steps.getByRole('listitem').allInnerTexts()).map((text) => text.split('\n')),
  ).toEqual([
    ['Request', 'Passed', 'clear, and there is such a path'],
    ['Layer one: generated credentials', 'Passed', 'known name, right service key'],
    ['Layer two: organization API key', 'Stopped here', 'the API key is wrong'],
    ['Address, organization, role', 'Not reached', 'not looked at'],
    ['Content', 'Not reached', 'not looked at'],
    ['Answer', 'Refused', 'answered with 401'],
  ])
  await details
    .getByText('api-key-wrong (api-key-wrong)')
    .or(details.getByText('api-key-wrong', { exact: true }))
    .first()
    .waitFor()
  const header = details.locator('.headers div').filter({ hasText: 'api-key' }).first()
  expect(await header.innerText()).toContain('not shown: it may be a key')
  const text = await details.innerText()
  expect(text).not.toContain('guessed')
  expect(text).not.toContain(stage.shop.agent.serviceKey)
  await page.keyboard.press('Escape')
  await details.waitFor({ state: 'detached' })
})

pageTest(
  'a request that was taken passed each gate, and one that did not have to bring a key says so',
  async (open) => {
    const stage = await createStage()
    const page = await open()
    await signIn(page, stage.url, stage.admin, 'live')
    await forge(stage)
    await rows(page).first().click()
    const states = page.getByRole('list', { name: 'The decision, step by step' }).locator('.state')
    await page.getByText('off: not asked for').waitFor()
    expect(await states.allInnerTexts()).toEqual([
      'Passed',
      'Passed',
      'Not asked',
      'Passed',
      'Passed',
      'Taken',
    ])
    await page
      .getByRole('region', { name: 'Body that was sent' })
      .getByText('"rule": "made-up"')
      .waitFor()
  },
)

pageTest('the list is narrowed by outcome, by words and by who sent it', async (open) => {
  const stage = await createStage()
  const page = await open()
  await signIn(page, stage.url, stage.admin, 'live')
  await forge(stage)
  await forge(stage, { authorization: 'wrong' })
  await forge(stage, { authorization: btoa(`${stage.shop.agent.userName}:wrong`) })
  await page.getByText('2 requests').waitFor()
  await page.getByLabel('Outcome').selectOption({ label: 'Refused' })
  await page.getByText('1 request', { exact: true }).waitFor()
  await page.getByLabel('Search').fill('service-key')
  await rows(page).filter({ hasText: 'the service key is wrong' }).waitFor()
  await page.getByLabel('Search').fill('nothing like it')
  await page.getByText('No request is as wanted').waitFor()
  await page.getByLabel('Search').fill('profile')
  await page.getByLabel('Outcome').selectOption({ label: 'Taken and refused' })
  await page.getByLabel('From').selectOption({ label: 'Engines and people' })
  await rows(page).filter({ hasText: '/ng/profile/session' }).first().waitFor()
})

pageTest(
  'a pause holds the list still, and what came meanwhile is there afterwards',
  async (open) => {
    const stage = await createStage()
    const page = await open()
    await signIn(page, stage.url, stage.admin, 'live')
    await forge(stage)
    await page.getByText('1 request', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    await forge(stage)
    await forge(stage)
    await page.getByRole('button', { name: '2 newer' }).waitFor()
    expect(await rows(page).count()).toBe(1)
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByText('3 requests').waitFor()
    // And so does leaving the screen: the stream goes on where it was.
    await page.goto(`${stage.url}#/settings/api`)
    await page.getByRole('heading', { name: 'API settings' }).waitFor()
    await forge(stage)
    await page.goto(`${stage.url}#/live`)
    await page.getByText('4 requests').waitFor()
  },
)

pageTest('the list is read by keyboard', async (open) => {
  const stage = await createStage()
  const page = await open()
  await signIn(page, stage.url, stage.admin, 'live')
  await forge(stage)
  await forge(stage, { authorization: btoa(`${stage.shop.agent.userName}:wrong`) })
  await page.getByText('2 requests').waitFor()
  await page.getByRole('listbox').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  expect(await page.locator('[role=option][aria-selected=true]').innerText()).toContain('Taken')
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByText('credentials-wrong (service-key-wrong)').waitFor()
})

pageTest('forged attempts are played, and fail with the second layer on', async (open) => {
  const stage = await createStage({ isApiKeyEnabled: true })
  const page = await open()
  await signIn(page, stage.url, stage.admin, 'live')
  await page.getByRole('button', { name: 'Play forged attempts' }).click()
  await page.getByText('None of 11 got in.').waitFor()
  expect(await page.locator('.attempts .outcome').allInnerTexts()).toEqual(
    Array(11).fill('Refused'),
  )
  expect(await stage.shop.reports()).toEqual([])
  await page.keyboard.press('Escape')
  await page.getByText('11 requests').waitFor()
})

pageTest(
  'with the second layer off they show what is missing, and where to switch it on',
  async (open) => {
    const stage = await createStage()
    const page = await open()
    await signIn(page, stage.url, stage.admin, 'live')
    await page.getByRole('button', { name: 'Play forged attempts' }).click()
    await page.getByText('6 of 11 got in.').waitFor()
    await page.getByRole('link', { name: 'Switch the organization API key on' }).click()
    await page.getByRole('switch', { name: 'Ask for the API key' }).click()
    await page.getByText('Requests without it are refused').waitFor()
    await page.goto(`${stage.url}#/live`)
    await page.getByRole('button', { name: 'Play forged attempts' }).click()
    await page.getByText('None of 11 got in.').waitFor()
  },
)

pageTest(
  'a key that is changed in one window stops an engine in the other within a second',
  async (open) => {
    const stage = await createStage({ isApiKeyEnabled: true })
    const other = await stage.shop.addPerson({ role: 'admin', userName: 'other@shop' })
    const [mine, theirs] = [await open(), await open()]
    await signIn(mine, stage.url, stage.admin, 'settings/api')
    await signIn(theirs, stage.url, other, 'live')
    const engine = startEngine(stage)
    engine.report(FINDING)
    await reports(theirs).filter({ hasText: 'Taken' }).first().waitFor()
    await mine
      .getByRole('region', { name: 'Organization API key', exact: true })
      .getByRole('button', { name: 'Rotate…' })
      .click()
    await mine.getByLabel('Accept the old key').selectOption('0')
    await mine.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click()
    await mine.getByRole('dialog').waitFor({ state: 'detached' })
    engine.report(FINDING)
    await rows(theirs)
      .filter({ hasText: 'the API key was replaced, and its overlap is over' })
      .first()
      .waitFor({ timeout: 1_000 })
  },
)

pageTest('nobody but an administrator finds the live view', async (open) => {
  const stage = await createStage()
  const viewer = await stage.shop.addPerson({ role: 'view', userName: 'view@shop' })
  const page = await open()
  await signIn(page, stage.url, viewer, 'live')
  await page.getByRole('heading', { name: 'Nothing here' }).waitFor()
})

pageTest('what is sent in a name or a path is shown as the text it is (S-501)', async (open) => {
  const stage = await createStage()
  const page = await open()
  let dialogs = 0
  page.on('dialog', (dialog) => {
    dialogs++
    void dialog.dismiss()
  })
  await signIn(page, stage.url, stage.admin, 'live')
  await forge(stage, { 'user-agent': '<img src=x onerror=alert(1)>' })
  await rows(page).first().click()
  await page.getByRole('dialog').getByText('<img src=x onerror=alert(1)>').waitFor()
  expect(await page.locator('img').count()).toBe(0)
  expect(dialogs).toBe(0)
})
