import { expect } from 'vitest'
import { useBrowser } from './browser.ts'
import { createStage, fillIn, signIn } from './people.ts'

const pageTest = useBrowser()

pageTest(
  'a person signs in and out, and so does every other window (F-703)',
  async (_open, newContext) => {
    const { url, admin } = await createStage()
    const context = await newContext()
    const [page, other] = [await context.newPage(), await context.newPage()]
    await signIn(page, url, admin)
    // The other window has the cookie, and is told of the login.
    await other.goto(url)
    await other.getByRole('button', { name: 'User menu of admin@shop' }).waitFor()
    await page.getByRole('button', { name: 'User menu of admin@shop' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    for (const each of [page, other]) {
      await each.getByText('You are signed out, here and in every other window.').waitFor()
    }
    expect(await page.title()).toBe('Sign in – Mock TeamServer')
  },
)

pageTest(
  'the session is in a cookie that no script can read, and no other page sends (F-702)',
  async (_open, newContext) => {
    const { url, admin } = await createStage()
    const context = await newContext()
    const page = await context.newPage()
    await signIn(page, url, admin)
    expect(await context.cookies()).toEqual([
      expect.objectContaining({
        name: 'TEAMSERVER_SESSION',
        httpOnly: true,
        sameSite: 'Strict',
        path: '/',
        domain: '127.0.0.1',
      }),
    ])
    const [cookie] = await context.cookies()
    expect(await page.evaluate('document.cookie')).toBe('')
    const kept = await page.evaluate<string>(
      'JSON.stringify({ ...localStorage, ...sessionStorage })',
    )
    expect(kept).not.toContain(String(cookie?.value))
    expect(kept).not.toContain(admin.password)
    expect(kept).not.toContain(admin.serviceKey)
  },
)

pageTest(
  'a login over a cookie of somebody else gives a new session (F-701)',
  async (_open, newContext) => {
    const { url, admin } = await createStage()
    const context = await newContext()
    const fixed = 'A'.repeat(43)
    await context.addCookies([
      { name: 'TEAMSERVER_SESSION', value: fixed, domain: '127.0.0.1', path: '/' },
    ])
    await signIn(await context.newPage(), url, admin)
    const [cookie] = await context.cookies()
    expect(cookie?.value).toMatch(/^[\w-]{43}$/)
    expect(cookie?.value).not.toBe(fixed)
  },
)

pageTest(
  'nobody is told what was wrong: unknown, wrong, locked and API-only look alike (F-707, F-708)',
  async (open) => {
    const { url, admin, shop, teamServer } = await createStage()
    await teamServer.setPasswordPolicy({ lockoutAttempts: 2 })
    const locked = await shop.addPerson({ role: 'edit', userName: 'locked@shop' })
    const apiOnly = await shop.addPerson({ role: 'edit', userName: 'api@shop', isApiOnly: true })
    const page = await open()
    await page.goto(url)
    const words = new Set<string>()
    const attempt = async (userName: string, password: string) => {
      await fillIn(page, { userName, password })
      await page
        .getByRole('button', { name: 'Sign in', exact: true })
        .and(page.locator('[aria-busy=false]'))
        .waitFor()
      words.add(await page.getByRole('alert').filter({ hasText: 'Not signed in' }).innerText())
    }
    await attempt('nobody@shop', 'x')
    await attempt(admin.userName, 'x')
    await attempt(locked.userName, 'x')
    await attempt(locked.userName, 'x')
    await attempt(locked.userName, locked.password)
    await attempt(apiOnly.userName, apiOnly.password)
    expect([...words]).toEqual([
      expect.stringContaining('it may be locked after too many attempts'),
    ])
    expect((await shop.refusals()).map(({ detail }) => detail)).toEqual([
      'password-wrong',
      'password-wrong',
      'password-wrong',
      'person-locked',
      'api-only',
    ])
    // Somebody else is not touched by it.
    await fillIn(page, admin)
    await page.getByRole('button', { name: /^User menu/ }).waitFor()
  },
)

pageTest(
  'an address outside the list is masked, or named once masking is off (F-415)',
  async (open) => {
    const { url, admin, shop, teamServer } = await createStage()
    await shop.restrictAddresses(['203.0.113.7'])
    const page = await open()
    await page.goto(url)
    await fillIn(page, admin)
    await page.getByText('The user name or password is not right').waitFor()
    await teamServer.setKeyPolicy({
      ...(await teamServer.keyPolicy()),
      maskInvalidIpsOnLogin: false,
    })
    await fillIn(page, admin)
    await page.getByText('your address is not in the list of the organization').waitFor()
  },
)

pageTest('too many attempts from one address are told to wait, and how long', async (open) => {
  const { url, admin } = await createStage({ failedAttemptsPerMinute: 1 })
  const page = await open()
  await page.goto(url)
  await fillIn(page, { userName: admin.userName, password: 'wrong' })
  await page.getByText('Not signed in').waitFor()
  await fillIn(page, admin)
  await page
    .getByText(/Too many refused attempts came from this address. Try again in \d+ s\./)
    .waitFor()
})

pageTest(
  'an idle login is told in time, can be kept, and ends with a word (F-704)',
  async (open) => {
    const { url, admin, teamServer } = await createStage()
    const { idleTimeoutMs } = await teamServer.passwordPolicy()
    const page = await open()
    await signIn(page, url, admin)
    const question = page.getByRole('dialog', { name: 'Still there?' })
    teamServer.clock.advance(idleTimeoutMs - 60_000)
    await question.getByText(/You will be signed out in (1 min|\d\d s)/).waitFor()
    await question.getByRole('button', { name: 'Stay signed in' }).click()
    await question.waitFor({ state: 'detached' })
    // It began again: as much as would have ended it before does not.
    teamServer.clock.advance(idleTimeoutMs - 60_000)
    await question.waitFor()
    teamServer.clock.advance(60_000)
    await page.getByText('You were signed out, because nothing was done for a while.').waitFor()
  },
)

pageTest(
  'a login that has lasted its time ends, whatever was done, and that is told in time (F-704)',
  async (open) => {
    const { url, admin, teamServer } = await createStage()
    await teamServer.setPasswordPolicy({
      idleTimeoutMs: 3_600_000,
      sessionTimeoutMs: 3_600_000,
    })
    const page = await open()
    await signIn(page, url, admin)
    teamServer.clock.advance(3_600_000 - 90_000)
    await page.getByText(/Your session ends in 1 min/).waitFor()
    teamServer.clock.advance(90_000)
    await page.getByText('Your session has ended. Sign in again to go on.').waitFor()
  },
)

pageTest('whoever is locked or disabled is out within a second (F-703)', async (open) => {
  const { url, admin, shop } = await createStage()
  const page = await open()
  await signIn(page, url, admin)
  await shop.lockPerson(admin.userName)
  await page
    .getByText('Your session has ended. Sign in again to go on.')
    .waitFor({ timeout: 2_000 })
})

pageTest('whoever is no administrator any more sees at once what is left (F-651)', async (open) => {
  const { url, admin, shop } = await createStage()
  const page = await open()
  await signIn(page, url, admin, 'settings/api')
  await page.getByRole('switch', { name: 'Ask for the API key' }).waitFor()
  await shop.setRole(admin.userName, 'view')
  await page
    .getByText('It is not shown to you: the role edit, or one above it, sees it here.')
    .waitFor({ timeout: 2_000 })
})

pageTest('an address of the page leads to no other site (S-504)', async (open) => {
  const { url, admin } = await createStage()
  const { origin } = new URL(url)
  for (const next of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '%0d%0a',
  ]) {
    const page = await open()
    await page.goto(`${url}?next=${next}#/${next}`)
    await fillIn(page, admin)
    await page.getByRole('heading', { name: 'Nothing here' }).waitFor()
    expect(new URL(page.url()).origin).toBe(origin)
    await page.getByRole('link', { name: 'Go to the start' }).click()
    expect(new URL(page.url()).origin).toBe(origin)
  }
})
