// Takes a picture of each screen of the page, with traffic of an engine and of a thief, into docs/screenshots.
// Needs Chromium: apt-get install chromium, or CHROMIUM=/path/to/it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import UPNG from 'upng-js'
import { createTeamServer } from '../dist/mock-server/index.js'
import { createEngine } from '../dist/sdk/index.js'

const FOLDER = 'docs/screenshots'

/** Enough for a page of few colours; a third of what the browser writes. */
const COLOURS = 96

const WIDE = { width: 1_200, height: 800 }
const NARROW = { width: 360, height: 740 }

/** What the engine of the pictures finds. */
const FINDINGS = /** @type {const} */ ([
  ['sql-injection', 'critical', 'SQL out of the parameter “sort”'],
  ['csrf', 'medium', 'POST /orders without a token'],
  ['cookie-flags-missing', 'medium', 'session cookie without HttpOnly'],
  ['cache-controls-missing', 'note', 'pages that a proxy may keep'],
])

/** What it has: the first three were called. */
const ROUTES = ['/orders', '/orders/:id', '/basket', '/basket/items/:id', '/health']

/** @typedef {import('playwright-core').Page} Page */

const teamServer = createTeamServer({ scryptCost: 1_024 })
const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
await shop.addAgentKey({ name: 'staging' })
const admin = await shop.addPerson({ role: 'admin', userName: 'admin@shop' })
const root = await teamServer.addPerson({ role: 'superadmin', userName: 'superadmin' })
const { url } = await teamServer.listen()
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
})
mkdirSync(FOLDER, { recursive: true })
try {
  await takeAll()
} finally {
  await browser.close()
  await teamServer.close()
}

async function takeAll() {
  const page = await open(WIDE, 'light')
  await page.goto(`${url}/`)
  await page.getByLabel('Password').waitFor()
  await take(page, 'sign-in')
  await signIn(page, admin)
  await traffic()

  await visit(page, 'live', 'Play forged attempts')
  await page.getByRole('button', { name: 'Play forged attempts' }).click()
  await page.getByText('None of 11 got in.').waitFor()
  await take(page, 'forged-attempts')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.mouse.move(0, 0)
  await take(page, 'live')
  await page.locator('.exchange').filter({ hasText: 'the API key is wrong' }).first().click()
  await page.getByRole('heading', { name: 'Answered' }).waitFor()
  await take(page, 'request')
  await page.keyboard.press('Escape')

  await page.goto(`${url}/#/applications`)
  await page.getByText('2 Medium').waitFor()
  await take(page, 'applications')
  await page.getByRole('link', { name: 'shop', exact: true }).click()
  await page.getByText('csrf').first().waitFor()
  await take(page, 'application')
  await page.getByRole('tab', { name: 'Routes' }).click()
  await page.getByText('3 of 5').waitFor()
  await take(page, 'application-routes')

  await visit(page, 'settings/api', 'Copy Sample for curl')
  await take(page, 'api-settings')
  await page.getByRole('button', { name: 'Set a value…' }).click()
  await page.getByLabel('New API key').fill('OpenSesame1001')
  await page.getByText('14 of 32 characters').waitFor()
  await page.getByLabel('New API key').scrollIntoViewIfNeeded()
  await take(page, 'set-api-key')
  await visit(page, 'organization/agent-keys', 'Delete staging')
  await take(page, 'agent-keys')
  await visit(page, 'organization/addresses', 'Save')
  await page.getByLabel('IP Address/Subnet Mask').fill('127.0.0.1\n10.0.0.0/8\n2001:db8::/32')
  await take(page, 'addresses')
  await visit(page, 'organization/audit-log', 'Older')
  await take(page, 'audit-log')

  const system = await open(WIDE, 'light')
  await system.goto(`${url}/`)
  await signIn(system, root)
  await visit(system, 'system/key-management', 'Save')
  await system
    .getByRole('region', { name: 'Application Key' })
    .getByLabel('Key Length', { exact: true })
    .fill('20')
  await take(system, 'key-management')

  const narrow = await open(NARROW, 'dark')
  await narrow.goto(`${url}/`)
  await signIn(narrow, admin)
  await visit(narrow, 'live', 'Play forged attempts')
  await narrow.locator('.exchange').first().waitFor()
  await take(narrow, 'live-narrow-dark')
  await visit(narrow, 'settings/api', 'Copy Sample for curl')
  await take(narrow, 'api-settings-narrow-dark')
  await narrow.goto(`${url}/#/applications`)
  await narrow.getByRole('link', { name: 'shop', exact: true }).click()
  await narrow.getByText('csrf').first().waitFor()
  await take(narrow, 'application-narrow-dark')
}

/** An engine that reports, and a thief. */
async function traffic() {
  const engine = createEngine({
    ...shop.engineOptions(),
    url,
    application: { name: 'shop' },
    spoolDirectory: false,
    flushIntervalMs: 5,
    logger: false,
  })
  for (const [rule, severity, title] of FINDINGS) {
    engine.report({ type: 'finding', rule, severity, title })
    await engine.flush()
  }
  ROUTES.forEach((pattern, index) => {
    const route = { type: 'route', framework: 'express', method: 'GET', pattern }
    engine.report({ ...route, state: 'discovered' })
    if (index < 3) engine.report({ ...route, state: 'observed', count: index + 1 })
  })
  await engine.close()
}

/**
 * @param {{ width: number, height: number }} viewport
 * @param {'light' | 'dark'} colorScheme
 */
async function open(viewport, colorScheme) {
  const context = await browser.newContext({ viewport, colorScheme })
  return context.newPage()
}

/**
 * @param {Page} page
 * @param {{ userName: string, password: string }} person
 */
async function signIn(page, { userName, password }) {
  await page.getByLabel('User name').fill(userName)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: /^User menu/ }).waitFor()
}

/**
 * @param {Page} page
 * @param {string} place
 * @param {string} last A button that is there once the screen is.
 */
async function visit(page, place, last) {
  await page.goto(`${url}/#/${place}`)
  await page.getByRole('button', { name: last, exact: true }).first().waitFor()
}

/**
 * @param {Page} page
 * @param {string} name
 */
async function take(page, name) {
  const shot = await page.screenshot()
  const image = UPNG.decode(shot)
  const [pixels] = UPNG.toRGBA8(image)
  if (pixels === undefined) throw new Error(`${name} is no picture`)
  const small = Buffer.from(UPNG.encode([pixels], image.width, image.height, COLOURS))
  writeFileSync(`${FOLDER}/${name}.png`, small)
  console.log(`${name}.png ${(small.length / 1_024).toFixed(0)} KiB`)
}
