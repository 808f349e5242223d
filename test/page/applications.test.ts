import type { Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { createEngine, type EngineOptions } from '../../sdk/index.ts'
import { useBrowser } from './browser.ts'
import { createStage, type Stage, signIn } from './people.ts'

const pageTest = useBrowser()

function startEngine(
  { shop, listener }: Pick<Stage, 'shop' | 'listener'>,
  name: string,
  more: EngineOptions = {},
) {
  const engine = createEngine({
    ...shop.engineOptions(),
    url: listener.url,
    application: { name },
    spoolDirectory: false,
    flushIntervalMs: 10,
    logger: false,
    ...more,
  })
  onTestFinished(() => engine.close())
  return engine
}

const row = (page: Page, text: string) =>
  page.locator('.arrivals tbody tr').filter({ hasText: text })

pageTest(
  'an application appears with what its engine reports, while somebody looks',
  async (open) => {
    const stage = await createStage()
    const viewer = await stage.shop.addPerson({ role: 'view', userName: 'view@shop' })
    const page = await open()
    await signIn(page, stage.url, viewer)
    await page.getByRole('heading', { name: 'Applications' }).waitFor()
    await page.getByText('No application yet').waitFor()
    const engine = startEngine(stage, 'web shop')
    engine.report({
      type: 'finding',
      rule: 'cookie-flags-missing',
      severity: 'medium',
      title: 'session cookie',
    })
    await engine.flush()
    await row(page, 'web shop').getByText('1 Medium').waitFor({ timeout: 2_000 })
    await row(page, 'web shop').getByText('online').waitFor()
    engine.report({ type: 'finding', rule: 'sql-injection', severity: 'critical', title: 'search' })
    await engine.flush()
    await row(page, 'web shop').getByText('1 Critical').waitFor({ timeout: 2_000 })
  },
)

pageTest('one application shows its vulnerabilities, and each that comes', async (open) => {
  const stage = await createStage()
  const engine = startEngine(stage, '<b>shop</b>')
  engine.report({
    type: 'finding',
    rule: 'csrf',
    severity: 'high',
    title: '<img src=x onerror=alert(1)>',
  })
  await engine.flush()
  const page = await open()
  await signIn(page, stage.url, stage.admin, 'applications')
  await page.getByRole('link', { name: '<b>shop</b>' }).click()
  await page.getByRole('region', { name: '<b>shop</b>' }).waitFor()
  await row(page, '<img src=x onerror=alert(1)>').getByText('High').waitFor()
  engine.report({ type: 'finding', rule: 'xxe', severity: 'note', title: 'an entity' })
  await engine.flush()
  await row(page, 'an entity').getByText('Note').waitFor({ timeout: 2_000 })
  expect(await page.locator('img').count()).toBe(0)
  await page.getByRole('tab', { name: 'Vulnerabilities' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.getByRole('tab', { name: 'Libraries', selected: true }).waitFor()
  expect(page.url()).toMatch(/\/libraries$/)
})

pageTest('one application shows its libraries, routes, servers and sessions', async (open) => {
  const stage = await createStage()
  const engine = startEngine(stage, 'web shop', {
    server: { name: 'till-7', environment: 'QA' },
    session: { metadata: { branchName: 'main' } },
  })
  const route = { type: 'route', framework: 'express' } as const
  engine.report({
    type: 'library',
    name: 'express',
    version: '5.1.0',
    language: 'Node',
    license: 'MIT',
  })
  engine.report({ ...route, state: 'discovered', method: 'GET', pattern: '/orders/:id' })
  engine.report({ ...route, state: 'discovered', method: 'POST', pattern: '/orders' })
  engine.report({ ...route, state: 'observed', method: 'GET', pattern: '/orders/:id', count: 3 })
  await engine.flush()
  const page = await open()
  await signIn(page, stage.url, stage.admin, 'applications')
  await page.getByRole('link', { name: 'web shop' }).click()
  const tab = (name: string) => page.getByRole('tab', { name }).click()
  await tab('Libraries')
  await row(page, 'express').getByText('5.1.0').waitFor()
  await row(page, 'express').getByText('MIT').waitFor()
  await tab('Routes')
  await page.getByText('1 of 2').waitFor()
  await row(page, 'POST /orders').getByText('not yet').waitFor()
  await row(page, 'GET /orders/:id').locator('time').waitFor()
  await tab('Servers')
  await row(page, 'till-7').getByText('qa').waitFor()
  await row(page, 'till-7').getByText('online').waitFor()
  await tab('Sessions')
  await row(page, 'Branch Name main').locator('time').waitFor()
  expect(await page.locator('.arrivals tbody tr').count()).toBe(1)
})
