import type { Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { createEngine } from '../../sdk/index.ts'
import { useBrowser } from './browser.ts'
import { createStage, type Stage, signIn } from './people.ts'

const pageTest = useBrowser()

function startEngine({ shop, listener }: Pick<Stage, 'shop' | 'listener'>, name: string) {
  const engine = createEngine({
    ...shop.engineOptions(),
    url: listener.url,
    application: { name },
    spoolDirectory: false,
    flushIntervalMs: 10,
    logger: false,
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
