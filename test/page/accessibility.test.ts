import axe, { type RunOnly } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { useBrowser, type View } from './browser.ts'
import { createStage, fillIn, signIn } from './people.ts'
import { PLAIN_WORDS, populate } from './populate.ts'
import { ARRIVALS, SETTINGS } from './states.ts'

const pageTest = useBrowser()

/** Each in light and in dark. */
const VIEWS: readonly View[] = [{ width: 1_280 }, { width: 360, height: 740 }]

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

/** What a screen says while there is nothing. */
const EMPTY = [
  ['applications', 'No application yet'],
  ['live', 'No request has come yet'],
] as const

/** Many states, and axe on each. */
const STATES_TIMEOUT_MS = 180_000

/** Every rule of WCAG 2.0 to 2.2, A and AA. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** The rules that another set of colours can break. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

async function violations(page: Page, runOnly: RunOnly): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const found = await page.evaluate(
    (rules) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run({
        runOnly: rules,
        resultTypes: ['violations'],
      }),
    runOnly,
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

for (const view of VIEWS) {
  for (const [what, states] of [
    ['what arrived', ARRIVALS],
    ['settings', SETTINGS],
  ] as const) {
    pageTest(
      `nothing stands in the way in any state of ${what} at ${view.width} px, in light and dark (WCAG 2.2 AA)`,
      async (open) => {
        const stage = await createStage({ name: 'A shop with quite a long name, as some have' })
        await populate(stage, PLAIN_WORDS)
        const page = await open(view)
        await signIn(page, stage.url, stage.superadmin)
        for (const { name, reach } of states) {
          await reach(page, stage)
          await expectNothingInTheWay(page, name, view)
        }
      },
      STATES_TIMEOUT_MS,
    )
  }

  pageTest(
    `nothing stands in the way before there is anything, and where a login begins and ends at ${view.width} px, in light and dark (WCAG 2.2 AA)`,
    async (open) => {
      const { url, superadmin, teamServer } = await createStage()
      const page = await open(view)
      await page.goto(url)
      await page.getByLabel('Password').waitFor()
      await expectNothingInTheWay(page, 'sign in', view)
      await fillIn(page, { userName: 'nobody', password: 'wrong' })
      await page.getByText('Not signed in').waitFor()
      await expectNothingInTheWay(page, 'not signed in', view)
      await signIn(page, url, superadmin, 'applications')
      for (const [place, words] of EMPTY) {
        await page.goto(`${url}#/${place}`)
        await page.getByText(words).waitFor()
        await expectNothingInTheWay(page, `${place}, empty`, view)
      }
      const { idleTimeoutMs, sessionTimeoutMs } = await teamServer.passwordPolicy()
      teamServer.clock.advance(idleTimeoutMs - 60_000)
      await page.getByRole('dialog', { name: 'Still there?' }).waitFor()
      await expectNothingInTheWay(page, 'asked whether still there', view)
      await page.getByRole('button', { name: 'Stay signed in' }).click()
      await teamServer.setPasswordPolicy({ idleTimeoutMs: sessionTimeoutMs })
      teamServer.clock.advance(sessionTimeoutMs - idleTimeoutMs - 30_000)
      await page.getByText(/Your session ends in/).waitFor()
      await expectNothingInTheWay(page, 'a session that ends', view)
    },
  )
}

/** axe finds nothing, neither in light nor in dark, and nothing is wider than the window. */
async function expectNothingInTheWay(page: Page, state: string, { width }: View): Promise<void> {
  // What somebody scrolled below the bar at the top is covered by it, and no fault of the state.
  await page.evaluate('scrollTo(0, 0)')
  const light = await violations(page, { type: 'tag', values: TAGS })
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  const dark = await violations(page, { type: 'rule', values: COLOUR_RULES })
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  const scrollWidth = await page.evaluate('document.documentElement.scrollWidth')
  expect({ state, light, dark, scrollWidth }).toEqual({
    state,
    light: [],
    dark: [],
    scrollWidth: width,
  })
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

pageTest('zoomed to 200 and to 400 percent nothing is cut off at the side', async (open) => {
  const { url, superadmin } = await createStage({ name: 'A shop with quite a long name' })
  for (const view of [
    { width: 640, height: 450 },
    { width: 320, height: 256 },
  ]) {
    const page = await open(view)
    await signIn(page, url, superadmin)
    for (const [place, last] of PLACES) {
      await page.goto(`${url}#/${place}`)
      await page.getByRole('button', { name: last }).first().waitFor()
      const width = await page.evaluate('document.documentElement.scrollWidth')
      expect({ place, width }).toEqual({ place, width: view.width })
    }
  }
})

pageTest('a switch can be told where the reader has chosen the colours', async (open) => {
  const { url, superadmin } = await createStage()
  const page = await open()
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' })
  await signIn(page, url, superadmin, 'system/key-management')
  const knob = page.getByRole('switch').locator('.knob')
  const grounds = () =>
    knob.evaluate((element) => [
      getComputedStyle(element).backgroundColor,
      getComputedStyle(element.parentElement ?? element).backgroundColor,
    ])
  const [on, aroundOn] = await grounds()
  expect(on).not.toBe(aroundOn)
  await page.getByRole('switch').click()
  await page.getByRole('switch', { checked: false }).waitFor()
  const [off, aroundOff] = await grounds()
  expect(off).not.toBe(aroundOff)
  expect(off).not.toBe(on)
})

pageTest('the navigation of a narrow window is left with Escape', async (open) => {
  const { url, superadmin } = await createStage()
  const page = await open({ width: 360, height: 740 })
  await signIn(page, url, superadmin)
  const opener = page.getByRole('button', { name: 'Navigation' })
  await opener.click()
  await page.getByRole('link', { name: 'Key management' }).focus()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Key management' }).waitFor({ state: 'hidden' })
  expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true)
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
