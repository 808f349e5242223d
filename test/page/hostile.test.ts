import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { useBrowser } from './browser.ts'
import { createStage, type Stage, signIn } from './people.ts'
import { forge, populate, type Words } from './populate.ts'
import { ARRIVALS, type ScreenState, SETTINGS } from './states.ts'

const pageTest = useBrowser()

/** Would run, lead away, break out or turn around what stands beside it. */
const MARKUP =
  '"><img src=x onerror=globalThis.ran=1><script>globalThis.ran=1</script></title>{{7*7}}'
const LINK = 'javascript:globalThis.ran=1'
const TURNED = 'a\u202Eb\u2066c\u2028d🔥 متجر'
const LONG = 'w'.repeat(200)

const HOSTILE: Words = {
  application: `${MARKUP} ${TURNED} ${LONG}`.slice(0, 255),
  title: `${MARKUP} ${LINK} ${TURNED}`,
  rule: 'csrf',
  library: `${MARKUP}${LONG}`.slice(0, 256),
  pattern: `/${MARKUP.replaceAll(' ', '+')}/${LONG}`,
  server: `${MARKUP} ${LONG}`.slice(0, 255),
  branch: `${LINK} ${TURNED} ${LONG}`,
  agentKey: `<b onclick=globalThis.ran=1>${LONG}`.slice(0, 128),
}

/** What a screen holds that only text could have put there. */
const GROWN =
  'img, iframe, object, embed, base, link[rel=import], script:not([src^="page/"]), [onerror], [onclick], a[href^="javascript:" i]'

declare global {
  var ran: number | undefined
  var violations: string[] | undefined
}

async function openWatched(open: () => Promise<Page>): Promise<Page> {
  const page = await open()
  await page.addInitScript(() => {
    globalThis.violations = []
    addEventListener('securitypolicyviolation', ({ violatedDirective, sample }) =>
      globalThis.violations?.push(`${violatedDirective} ${sample}`),
    )
  })
  return page
}

async function createHostileStage(): Promise<Stage> {
  const stage = await createStage({ name: `${MARKUP} ${TURNED}` })
  await populate(stage, HOSTILE)
  await forge(
    stage,
    { 'user-agent': MARKUP, 'x-link': LINK, authorization: btoa(`${MARKUP}:x`) },
    MARKUP,
  )
  await fetch(`${stage.listener.url}/api/engine/v1/${encodeURIComponent(MARKUP)}`)
  return stage
}

for (const [what, states] of [
  ['what arrived', ARRIVALS],
  ['settings', SETTINGS],
] as const) {
  pageTest(
    `whatever was sent, no script runs and nothing grows out of text in any state of ${what} (S-501)`,
    async (open) => {
      const stage = await createHostileStage()
      const page = await openWatched(open)
      const dialogs: string[] = []
      page.on('dialog', (dialog) => {
        dialogs.push(dialog.message())
        void dialog.dismiss()
      })
      await signIn(page, stage.url, stage.superadmin)
      for (const { name, reach } of states) {
        await reach(page, stage)
        expect({ name, ...(await grownOn(page)) }).toEqual({
          name,
          grown: [],
          ran: undefined,
          violations: [],
          tooWide: 0,
        })
      }
      expect(dialogs).toEqual([])
    },
    180_000,
  )
}

async function grownOn(page: Page) {
  return page.evaluate(
    (selector) => ({
      grown: [...document.querySelectorAll(selector)].map(({ outerHTML }) => outerHTML),
      ran: globalThis.ran,
      violations: globalThis.violations,
      tooWide: document.documentElement.scrollWidth - innerWidth,
    }),
    GROWN,
  )
}

const state = (name: string): ScreenState => {
  const found = [...ARRIVALS, ...SETTINGS].find((each) => each.name === name)
  if (found === undefined) throw new Error(`there is no state ${name}`)
  return found
}

pageTest('what was sent stands there as the text it is, letter by letter (S-501)', async (open) => {
  const stage = await createHostileStage()
  const page = await open({ width: 360, height: 740 })
  await signIn(page, stage.url, stage.superadmin)
  const textOf = async (name: string) => {
    await state(name).reach(page, stage)
    return (await page.locator('body').evaluate(({ textContent }) => textContent)) ?? ''
  }
  expect(await textOf('applications')).toContain(HOSTILE.application)
  expect(await textOf('one application, Vulnerabilities')).toContain(HOSTILE.title)
  expect(await textOf('one application, Libraries')).toContain(HOSTILE.library)
  expect(await textOf('one application, Routes')).toContain(HOSTILE.pattern)
  expect(await textOf('one application, Servers')).toContain(HOSTILE.server)
  expect(await textOf('one application, Sessions')).toContain(HOSTILE.branch)
  expect(await textOf('agent keys')).toContain(HOSTILE.agentKey)
  expect(await textOf('a request that was taken')).toContain(MARKUP.replaceAll('"', '\\"'))
})

pageTest('what turns text around turns nothing beside it (S-501)', async (open) => {
  const stage = await createHostileStage()
  const page = await open()
  await signIn(page, stage.url, stage.superadmin)
  await state('one application, Vulnerabilities').reach(page, stage)
  // Each text of others is by itself: laid out alone, whatever signs it ends with.
  for (const selector of ['h2', 'td.long', 'td .fine', '.user-menu .of', '.bar .organization']) {
    const isolated = await page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).unicodeBidi)
    expect({ selector, isolated }).toEqual({ selector, isolated: 'isolate' })
  }
  await state('audit log').reach(page, stage)
  const log = await page.locator('.audit').innerText()
  expect(log).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
})
