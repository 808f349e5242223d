import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { missedRules } from '../../mock-server/keys/key-policy.ts'
import { useBrowser } from './browser.ts'
import { createStage, signIn } from './people.ts'

const pageTest = useBrowser()

const PLACE = 'system/key-management'
const section = (page: Page, name: string) => page.getByRole('region', { name })
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true })

pageTest('both sections are changed and saved as one, and shown as saved', async (open) => {
  const { url, superadmin, teamServer } = await createStage()
  const page = await open()
  await signIn(page, url, superadmin, PLACE)
  const organization = section(page, 'Organization API-Key')
  await organization.getByText('187.1 bits').waitFor()
  expect(await save(page).isDisabled()).toBe(true)
  await organization.getByLabel('Key Length', { exact: true }).fill('22')
  await organization.getByText('126.6 bits').waitFor()
  await organization.getByText('128 are advised.').waitFor()
  for (let press = 0; press < 2; press++) {
    await section(page, 'Application Key')
      .getByRole('button', { name: 'Min Numbers: one more' })
      .click()
  }
  await page.getByRole('switch', { name: 'Mask invalid IPs on login' }).click()
  await save(page).click()
  await page.getByText('Saved, and weak').waitFor()
  expect(await teamServer.keyPolicy()).toEqual({
    organizationApiKey: { keyLength: 22, minNumbers: 6, minUpperCase: 6, minLowerCase: 6 },
    applicationKey: { keyLength: 32, minNumbers: 8, minUpperCase: 6, minLowerCase: 6 },
    maskInvalidIpsOnLogin: false,
  })
})

pageTest(
  'the example obeys the rules as they stand in the form, each time another',
  async (open) => {
    const { url, superadmin } = await createStage()
    const page = await open()
    await signIn(page, url, superadmin, PLACE)
    const organization = section(page, 'Organization API-Key')
    const rules = { keyLength: 8, minNumbers: 3, minUpperCase: 3, minLowerCase: 2 }
    await organization.getByLabel('Key Length', { exact: true }).fill('8')
    await organization.getByText('The three minimums add up to more than the length.').waitFor()
    expect(await save(page).isDisabled()).toBe(true)
    await organization.getByLabel('Min Numbers', { exact: true }).fill('3')
    await organization.getByLabel('Min Upper Case Letters', { exact: true }).fill('3')
    await organization.getByLabel('Min Lower Case Letters', { exact: true }).fill('2')
    const seen = new Set<string>()
    for (let turn = 0; turn < 5; turn++) {
      const example = await organization.locator('.example code').innerText()
      expect(missedRules(example, rules)).toEqual([])
      seen.add(example)
      await organization.getByRole('button', { name: 'Another example' }).click()
    }
    expect(seen.size).toBeGreaterThan(1)
  },
)

pageTest.each([
  ['Key Length', '7', 'A whole number from 8 to 32'],
  ['Key Length', '33', 'A whole number from 8 to 32'],
  ['Key Length', '8.5', 'A whole number from 8 to 32'],
  ['Key Length', '', 'A whole number from 8 to 32'],
  ['Min Numbers', '-1', 'A whole number from 0'],
  ['Min Lower Case Letters', '1.5', 'A whole number from 0'],
])('%s of %j is no rule, and nothing can be saved (K-501)', async (open, field, value, words) => {
  const { url, superadmin } = await createStage()
  const page = await open()
  await signIn(page, url, superadmin, PLACE)
  const application = section(page, 'Application Key')
  await application.getByLabel(field, { exact: true }).fill(value)
  await application.getByRole('alert').filter({ hasText: words }).waitFor()
  expect(await save(page).isDisabled()).toBe(true)
})

pageTest(
  'of two who save at once the later one holds, whole, and was told (S-506)',
  async (open) => {
    const { url, superadmin, teamServer } = await createStage()
    const other = await teamServer.addPerson({ role: 'superadmin', userName: 'other' })
    const [mine, theirs] = [await open(), await open()]
    await signIn(mine, url, superadmin, PLACE)
    await signIn(theirs, url, other, PLACE)
    await section(mine, 'Organization API-Key').getByLabel('Key Length', { exact: true }).fill('30')
    await section(theirs, 'Application Key').getByLabel('Min Numbers', { exact: true }).fill('9')
    await save(theirs).click()
    await theirs.getByText('Saved.').waitFor()
    await mine.getByText('Somebody else has just saved other rules').waitFor({ timeout: 1_000 })
    await save(mine).click()
    await mine.getByText('Saved.').waitFor()
    expect(await teamServer.keyPolicy()).toEqual({
      organizationApiKey: { keyLength: 30, minNumbers: 6, minUpperCase: 6, minLowerCase: 6 },
      applicationKey: { keyLength: 32, minNumbers: 6, minUpperCase: 6, minLowerCase: 6 },
      maskInvalidIpsOnLogin: true,
    })
    // And whoever changed nothing sees it without being asked.
    await expect
      .poll(() =>
        section(theirs, 'Organization API-Key')
          .getByLabel('Key Length', { exact: true })
          .inputValue(),
      )
      .toBe('30')
  },
)

pageTest('whoever is overtaken may take what the other saved', async (open) => {
  const { url, superadmin, teamServer } = await createStage()
  const page = await open()
  await signIn(page, url, superadmin, PLACE)
  const length = section(page, 'Organization API-Key').getByLabel('Key Length', { exact: true })
  await length.fill('30')
  const policy = await teamServer.keyPolicy()
  await teamServer.setKeyPolicy({
    ...policy,
    organizationApiKey: { ...policy.organizationApiKey, keyLength: 24 },
  })
  await page.getByRole('button', { name: 'Show theirs' }).click()
  expect(await length.inputValue()).toBe('24')
})

pageTest('only a superadmin finds the form', async (open) => {
  const { url, admin } = await createStage()
  const page = await open()
  await signIn(page, url, admin, PLACE)
  await page.getByRole('heading', { name: 'Nothing here' }).waitFor()
  expect(await page.getByRole('link', { name: 'Key management' }).count()).toBe(0)
})
