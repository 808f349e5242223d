import type { Page } from 'playwright-core'
import type { Stage } from './people.ts'
import { forge } from './populate.ts'

/** One thing that can be on screen, and how somebody gets there once they are signed in as superadmin. */
export interface ScreenState {
  readonly name: string
  readonly reach: (page: Page, stage: Stage) => Promise<void>
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()

const dialog = (page: Page) => page.getByRole('dialog')

/** Opens a place anew: nothing of the state before is left. */
async function visit(page: Page, { url }: Stage, place: string, last: string | RegExp) {
  await page.goto('about:blank')
  await page.goto(`${url}#/${place}`)
  await button(page, last).waitFor()
}

async function application(page: Page, stage: Stage, tab: string): Promise<void> {
  await visit(page, stage, 'applications', /^User menu/)
  await page.locator('.arrivals a').first().click()
  await page.getByRole('tab', { name: tab }).click()
  // By its name: until the press is drawn, rows of another tab stand there.
  await page.getByRole('tabpanel', { name: tab }).locator('tbody tr').first().waitFor()
}

const live = (page: Page, stage: Stage) => visit(page, stage, 'live', 'Play forged attempts')
const agentKeys = (page: Page, stage: Stage) =>
  visit(page, stage, 'organization/agent-keys', 'Add an agent key')
const addresses = (page: Page, stage: Stage) => visit(page, stage, 'organization/addresses', 'Save')
const apiSettings = (page: Page, stage: Stage) =>
  visit(page, stage, 'settings/api', 'Copy Sample for curl')
const keyManagement = (page: Page, stage: Stage) =>
  visit(page, stage, 'system/key-management', 'Another example')

/** What engines sent, and what was refused. */
export const ARRIVALS: readonly ScreenState[] = [
  {
    name: 'applications',
    async reach(page, stage) {
      await visit(page, stage, 'applications', /^User menu/)
      await page.locator('.arrivals a').first().waitFor()
    },
  },
  ...['Vulnerabilities', 'Libraries', 'Routes', 'Servers', 'Sessions'].map((tab) => ({
    name: `one application, ${tab}`,
    reach: (page: Page, stage: Stage) => application(page, stage, tab),
  })),
  {
    name: 'an application that is not there',
    async reach(page, stage) {
      await visit(page, stage, 'applications/nothing', /^User menu/)
      await page.getByRole('alert').first().waitFor()
    },
  },
  {
    name: 'live',
    async reach(page, stage) {
      await forge(stage)
      await live(page, stage)
      await page.locator('.exchange').filter({ hasText: 'Refused' }).first().waitFor()
      await page.locator('.exchange').filter({ hasText: 'Taken' }).first().waitFor()
    },
  },
  {
    name: 'live, nothing as wanted',
    async reach(page, stage) {
      await live(page, stage)
      await page.getByLabel('Search').fill('nothing like it')
      await page.getByText('No request is as wanted').waitFor()
    },
  },
  {
    name: 'live, paused, with newer ones',
    async reach(page, stage) {
      await live(page, stage)
      await page.locator('.exchange').first().waitFor()
      await button(page, 'Pause').click()
      await forge(stage)
      await button(page, '1 newer').waitFor()
    },
  },
  {
    name: 'a request that was refused',
    async reach(page, stage) {
      await live(page, stage)
      await page.locator('.exchange').filter({ hasText: 'Refused' }).first().click()
      await dialog(page).getByRole('heading', { name: 'Answered' }).waitFor()
    },
  },
  {
    name: 'a request that was taken',
    async reach(page, stage) {
      await live(page, stage)
      await page
        .locator('.exchange')
        .filter({ hasText: 'Taken' })
        .filter({ hasText: '/reports' })
        .first()
        .click()
      await dialog(page).getByRole('region', { name: 'Body that was sent' }).waitFor()
    },
  },
  {
    name: 'forged attempts',
    async reach(page, stage) {
      await live(page, stage)
      await button(page, 'Play forged attempts').click()
      await page.getByText('6 of 11 got in.').waitFor()
    },
  },
]

/** What people set up. */
export const SETTINGS: readonly ScreenState[] = [
  { name: 'agent keys', reach: agentKeys },
  {
    name: 'an agent key that cannot be added',
    async reach(page, stage) {
      await agentKeys(page, stage)
      await button(page, 'Add an agent key').click()
      await dialog(page).getByLabel('Name').fill('default')
      await dialog(page).getByRole('button', { name: 'Add' }).click()
      await dialog(page).getByText('exists already').waitFor()
    },
  },
  {
    name: 'an agent key to be rotated',
    async reach(page, stage) {
      await agentKeys(page, stage)
      await button(page, 'Rotate default').click()
      await dialog(page).getByLabel('Accept the old key').selectOption('0')
    },
  },
  {
    name: 'an agent key to be deleted',
    async reach(page, stage) {
      await agentKeys(page, stage)
      await page
        .getByRole('button', { name: /^Delete / })
        .last()
        .click()
      await dialog(page).getByRole('button', { name: 'Keep it' }).waitFor()
    },
  },
  {
    name: 'a replaced service key, shown token',
    async reach(page, stage) {
      await stage.shop.rotateAgentKey('default', { overlapMs: 3_600_000 })
      await agentKeys(page, stage)
      await button(page, 'Show token of default').click()
      await page.getByText('The replaced service key is still accepted').waitFor()
    },
  },
  { name: 'addresses', reach: addresses },
  {
    name: 'addresses that are none',
    async reach(page, stage) {
      await addresses(page, stage)
      await page.getByLabel('IP Address/Subnet Mask').fill('10.0.0.0/33\nnonsense')
      await button(page, 'Save').click()
      await page.getByText('must be an IPv4').waitFor()
    },
  },
  {
    name: 'addresses that somebody else saved as well',
    async reach(page, stage) {
      await addresses(page, stage)
      await page.getByLabel('IP Address/Subnet Mask').fill('10.0.0.0/8')
      const { ranges } = await stage.shop.addressRanges()
      await stage.shop.restrictAddresses(ranges.length > 1 ? ['127.0.0.1'] : ['127.0.0.1', '::1'])
      await page.getByText('Somebody else has just saved another list').waitFor()
    },
  },
  {
    name: 'audit log',
    async reach(page, stage) {
      await visit(page, stage, 'organization/audit-log', 'Older')
      await page.locator('.audit tbody tr').first().waitFor()
    },
  },
  {
    name: 'audit log, nothing as wanted',
    async reach(page, stage) {
      await visit(page, stage, 'organization/audit-log', 'Older')
      await page.getByLabel('Search').fill('nothing like it')
      await page.getByText('Nothing is as wanted').waitFor()
    },
  },
  { name: 'API settings', reach: apiSettings },
  {
    name: 'API settings, keys shown, replaced key, sample for Node',
    async reach(page, stage) {
      await stage.shop.apiKey.rotate({ overlapMs: 3_600_000 })
      await apiSettings(page, stage)
      await button(page, 'Show API key').click()
      await button(page, 'Show authorization header').click()
      await page.getByRole('tab', { name: 'Node, with the engine' }).click()
      await page.getByText('The replaced key is still accepted').waitFor()
    },
  },
  {
    name: 'a value for the API key that misses rules',
    async reach(page, stage) {
      await apiSettings(page, stage)
      await button(page, 'Set a value…').click()
      await page.getByLabel('New API key').fill('open sesame')
      await page.getByText('11 of 32 characters').waitFor()
    },
  },
  {
    name: 'the API key to be rotated',
    async reach(page, stage) {
      await apiSettings(page, stage)
      await button(page, 'Rotate…').click()
      await dialog(page).waitFor()
    },
  },
  { name: 'key management', reach: keyManagement },
  {
    name: 'key management with mistakes',
    async reach(page, stage) {
      await keyManagement(page, stage)
      const length = (title: string) =>
        page.getByRole('region', { name: title }).getByLabel('Key Length', { exact: true })
      await length('Organization API-Key').fill('16')
      await length('Application Key').fill('7')
      await page.getByText('add up to more').waitFor()
    },
  },
  {
    name: 'the user menu',
    async reach(page, stage) {
      await visit(page, stage, 'settings/api', /^User menu/)
      await button(page, /^User menu/).click()
      await page.getByRole('button', { name: 'Sign out' }).waitFor()
    },
  },
  {
    name: 'the navigation, where it has to be opened',
    async reach(page, stage) {
      await visit(page, stage, 'settings/api', /^User menu/)
      const navigation = page.getByRole('button', { name: 'Navigation' })
      if (await navigation.isVisible()) await navigation.click()
      await page.getByRole('link', { name: 'Key management' }).waitFor()
    },
  },
  {
    name: 'a place that is none',
    async reach(page, stage) {
      await visit(page, stage, 'no/such/place', /^User menu/)
      await page.getByRole('heading', { name: 'Nothing here' }).waitFor()
    },
  },
  {
    name: 'a server that is away',
    async reach(page, stage) {
      await keyManagement(page, stage)
      await page.getByRole('switch', { name: 'Mask invalid IPs on login' }).click()
      await page.context().setOffline(true)
      await button(page, 'Save').click()
      await page.getByText('The TeamServer does not answer').waitFor()
      await page.context().setOffline(false)
    },
  },
]
