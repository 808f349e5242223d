import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, type TestContext, test } from 'vitest'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser']

/** A browser starts slowly beside others. */
const TIMEOUT_MS = 60_000

/** Where `CHROMIUM` says, else that of Debian; undefined where there is none. */
export const CHROMIUM = (process.env.CHROMIUM === undefined ? PLACES : [process.env.CHROMIUM]).find(
  (path) => existsSync(path),
)

const HOW = 'Chromium is missing: `apt-get install chromium`, or CHROMIUM=/path/to/it'

/** What a browser has to be able to do in a container, too. */
export const LAUNCH = {
  ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }),
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
}

export interface View {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
}

/** Opens a window of its own, as another person has it. */
export type OpenWindow = (view?: View) => Promise<Page>

/** What the tests of a page are written with. */
export interface PageTest {
  (name: string, body: PageTestBody, timeoutMs?: number): void
  each<Row extends readonly string[]>(
    rows: readonly Row[],
  ): (name: string, body: (openWindow: OpenWindow, ...row: Row) => Promise<void>) => void
}

type PageTestBody = (openWindow: OpenWindow, newContext: NewContext) => Promise<void>

/** Opens what shares no cookie with any other; windows of it do with each other. */
export type NewContext = (view?: View) => Promise<BrowserContext>

/**
 * A browser for all tests of a file. Each window is a context of its own; what goes wrong inside, also
 * what the content security policy stops, fails the test.
 */
export function useBrowser(): PageTest {
  let browser: Browser | undefined
  beforeAll(async () => {
    if (CHROMIUM !== undefined) browser = await chromium.launch(LAUNCH)
  })
  afterAll(() => browser?.close())

  async function run(skip: TestContext['skip'], body: PageTestBody): Promise<void> {
    if (browser === undefined) return skip(HOW)
    const opened = browser
    const newContext: NewContext = async (view = {}) => {
      const { width = 1_280, height = 900, colorScheme = 'light' } = view
      const context = await opened.newContext({ viewport: { width, height }, colorScheme })
      onTestFinished(() => context.close())
      return context
    }
    const faults: string[] = []
    await body(async (view) => {
      const page = await (await newContext(view)).newPage()
      watch(page, faults)
      return page
    }, newContext)
    expect(faults).toEqual([])
  }

  return Object.assign(
    (name: string, body: PageTestBody, timeoutMs = TIMEOUT_MS) =>
      test(name, { timeout: timeoutMs }, ({ skip }) => run(skip, body)),
    {
      each:
        <Row extends readonly string[]>(rows: readonly Row[]) =>
        (name: string, body: (openWindow: OpenWindow, ...row: Row) => Promise<void>) => {
          for (const row of rows) {
            const title = row.reduce((text, cell) => text.replace(/%[sj]/, cell), name)
            test(title, { timeout: TIMEOUT_MS }, ({ skip }) =>
              run(skip, (openWindow) => body(openWindow, ...row)),
            )
          }
        },
    },
  )
}

/** What a browser says by itself of an answer that is none, or no success. The page says it in words. */
const OF_ANSWERS =
  /^Failed to load resource: (?:the server responded with a status of|net::ERR_INTERNET_DISCONNECTED)/

function watch(page: Page, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !OF_ANSWERS.test(message.text())) faults.push(message.text())
  })
}
