import type { Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import {
  createTeamServer,
  type Listener,
  type Organization,
  type PersonCredentials,
  type TeamServer,
  type TeamServerOptions,
} from '../../mock-server/index.ts'

/** A TeamServer that a browser can reach, with people who may sign in. */
export interface Stage {
  readonly teamServer: TeamServer
  readonly shop: Organization
  readonly listener: Listener
  /** Of the page. */
  readonly url: string
  readonly admin: PersonCredentials
  readonly superadmin: PersonCredentials
}

export async function createStage(
  options: TeamServerOptions & { readonly isApiKeyEnabled?: boolean; readonly name?: string } = {},
): Promise<Stage> {
  const { isApiKeyEnabled = false, name = 'Shop', ...rest } = options
  const teamServer = createTeamServer({ scryptCost: 1_024, ...rest })
  onTestFinished(() => teamServer.close())
  const shop = await teamServer.createOrganization({ name, apiKey: { enabled: isApiKeyEnabled } })
  const listener = await teamServer.listen()
  return {
    teamServer,
    shop,
    listener,
    url: `${listener.url}/`,
    admin: await shop.addPerson({ role: 'admin', userName: 'admin@shop' }),
    superadmin: await teamServer.addPerson({ role: 'superadmin', userName: 'root' }),
  }
}

export type Claim = Pick<PersonCredentials, 'userName' | 'password'>

/** Signs in as a person does, and waits until the frame is there. @param place Behind `#/`. */
export async function signIn(page: Page, url: string, person: Claim, place = ''): Promise<void> {
  await page.goto(`${url}#/${place}`)
  await fillIn(page, person)
  await page.getByRole('button', { name: /^User menu/ }).waitFor()
}

export async function fillIn(page: Page, { userName, password }: Claim): Promise<void> {
  await page.getByLabel('User name').fill(userName)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
