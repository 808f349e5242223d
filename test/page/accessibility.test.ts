import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { useBrowser, type View } from './browser.ts'
import { createStage, signIn } from './people.ts'

const pageTest = useBrowser()

const VIEWS: readonly View[] = [
  { width: 1_280, colorScheme: 'light' },
  { width: 1_280, colorScheme: 'dark' },
  { width: 360, height: 740, colorScheme: 'light' },
  { width: 360, height: 740, colorScheme: 'dark' },
]

/** Each screen, and what is there once it is read. */
const PLACES = [
  ['applications', 'User menu of root'],
  ['live', 'Play forged attempts'],
  ['organization/agent-keys', 'Add an agent key'],
  ['organization/addresses', 'Save'],
  ['organization/audit-log', 'Older'],
  ['settings/api', 'Copy Sample for curl'],
  ['system/key-management', 'Another example'],
] as const

/** Every rule of WCAG 2.0 to 2.2, A and AA. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const found = await page.evaluate(
    (tags) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run({
        runOnly: { type: 'tag', values: [...tags] },
      }),
    TAGS,
  )
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
  )
}

/** Told of by the browser since the page was opened, less what a press of somebody moved. */
async function layoutShift(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const shifts = list.getEntries() as unknown as readonly {
            value: number
            hadRecentInput: boolean
          }[]
          resolve(
            shifts.reduce(
              (sum, { value, hadRecentInput }) => sum + (hadRecentInput ? 0 : value),
              0,
            ),
          )
        }).observe({ type: 'layout-shift', buffered: true })
        requestAnimationFrame(() => setTimeout(() => resolve(0), 50))
      }),
  )
}

function describeView({ width, colorScheme }: View): string {
  return `${width} px, ${colorScheme}`
}

for (const view of VIEWS) {
  pageTest(
    `nothing stands in the way on any screen at ${describeView(view)} (WCAG 2.2 AA)`,
    async (open) => {
      const { url, superadmin } = await createStage({
        name: 'A shop with quite a long name, as some have',
      })
      const page = await open(view)
      await page.goto(url)
      await page.getByLabel('Password').waitFor()
      expect(await violations(page)).toEqual([])
      await signIn(page, url, superadmin)
      for (const [place, last] of PLACES) {
        await page.goto(`${url}#/${place}`)
        await page.getByRole('button', { name: last }).first().waitFor()
        expect({ place, found: await violations(page) }).toEqual({ place, found: [] })
        const width = await page.evaluate('document.documentElement.scrollWidth')
        expect({ place, width }).toEqual({ place, width: view.width })
      }
    },
  )
}

pageTest('nothing moves by itself while a screen is read', async (open) => {
  const { url, superadmin } = await createStage()
  const page = await open()
  await signIn(page, url, superadmin)
  for (const [place, last] of PLACES) {
    await page.goto('about:blank')
    await page.goto(`${url}#/${place}`)
    await page.getByRole('button', { name: last }).first().waitFor()
    const shift = await layoutShift(page)
    expect({ place, isCalm: shift < 0.02 }, `shifted by ${shift}`).toEqual({ place, isCalm: true })
  }
})

pageTest('all of it is reached by keyboard alone', async (open) => {
  const { url, admin } = await createStage()
  const page = await open()
  const press = (...keys: readonly string[]) =>
    keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve())
  await page.goto(url)
  await page.getByLabel('User name').focus()
  await page.keyboard.type(admin.userName)
  await press('Tab')
  await page.keyboard.type(admin.password)
  await press('Enter')
  await page.getByRole('button', { name: /^User menu/ }).waitFor()
  // The first stop leads past the navigation.
  await press('Tab')
  expect(await page.locator(':focus').innerText()).toBe('Skip to the content')
  await press('Enter')
  expect(await page.locator(':focus').innerText()).toBe('Live view')
  const menu = page.getByRole('button', { name: /^User menu/ })
  await menu.focus()
  await press('Enter', 'Tab')
  expect(await page.locator(':focus').innerText()).toBe('Settings')
  await press('Escape')
  expect(await menu.getAttribute('aria-expanded')).toBe('false')
  expect(await menu.evaluate((element) => element === document.activeElement)).toBe(true)
  await press('Enter', 'Tab', 'Enter')
  await page.getByRole('switch', { name: 'Ask for the API key' }).focus()
  await press('Space')
  await page.getByText('Requests without it are refused').waitFor()
})
