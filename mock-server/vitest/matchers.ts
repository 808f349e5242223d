import type { Report } from '../../sdk/wire/messages.ts'
import type { CountingEngine } from '../assertions/add-up.ts'
import {
  assertAddsUp,
  assertNotRefused,
  assertNotStored,
  assertRefused,
  assertStored,
  type Books,
} from '../assertions/assertions.ts'
import { isError } from '../caught-error.ts'
import { TeamServerError } from '../errors.ts'
import type { Organization } from '../organization/organization.ts'
import type { Wanted } from '../organization/waiting.ts'
import type { ReportingOrganization } from '../reported/reported.ts'
import type { RefusedRequest } from '../store/refused-request.ts'
import type { WaitOptions } from '../waiting/wait-until.ts'

/** What can be expected of an organization. `T` is vitest's. */
export interface TeamServerMatchers<T = unknown> {
  /**
   * A report as wanted is stored, or arrives in time: `await expect(organization).toHaveStored({ … })`.
   * With `.not` it looks once.
   */
  toHaveStored(wanted?: Wanted<Report>, options?: WaitOptions): Promise<T>
  /** A request was refused, or is in time. With `.not` it looks once. */
  toHaveRefused(wanted?: Wanted<RefusedRequest>, options?: WaitOptions): Promise<T>
  /** What the engines of the organization count is what TeamServer told them. To be awaited of a connected one. */
  toAddUp(...engines: [CountingEngine, ...CountingEngine[]]): T
}

interface Outcome {
  readonly pass: boolean
  readonly message: () => string
}

interface Context {
  readonly isNot?: boolean
}

/** For `expect.extend()`, of vitest and of jest. */
export const matchers = {
  async toHaveStored(
    this: Context,
    received: unknown,
    wanted?: Wanted<Report>,
    options?: WaitOptions,
  ): Promise<Outcome> {
    const organization = organizationIn(received)
    return this.isNot === true
      ? outcomeOfNot(() => assertNotStored(organization, wanted))
      : outcomeOf(() => assertStored(organization, wanted, options))
  },
  async toHaveRefused(
    this: Context,
    received: unknown,
    wanted?: Wanted<RefusedRequest>,
    options?: WaitOptions,
  ): Promise<Outcome> {
    const organization = organizationIn(received)
    return this.isNot === true
      ? outcomeOfNot(() => assertNotRefused(organization, wanted))
      : outcomeOf(() => assertRefused(organization, wanted, options))
  },
  toAddUp(
    received: unknown,
    ...engines: [CountingEngine, ...CountingEngine[]]
  ): Outcome | Promise<Outcome> {
    const organization = booksIn(received)
    try {
      return assertAddsUp(organization, ...engines)?.then(() => ADDS_UP, failed) ?? ADDS_UP
    } catch (error) {
      return failed(error)
    }
  },
}

const ADDS_UP: Outcome = {
  pass: true,
  message: () => 'the books add up, though they should not',
}

const failed = (error: unknown): Outcome => ({ pass: false, message: () => messageOf(error) })

async function outcomeOf(assertion: () => Promise<unknown>): Promise<Outcome> {
  try {
    await assertion()
    return { pass: true, message: () => '' }
  } catch (error) {
    return failed(error)
  }
}

/** Turned round, as `.not` expects it: passing is failing. */
async function outcomeOfNot(assertion: () => Promise<unknown>): Promise<Outcome> {
  const { pass, message } = await outcomeOf(assertion)
  return { pass: !pass, message }
}

function messageOf(error: unknown): string {
  if (isError(error) && error.name === 'AssertionError') return error.message
  throw error
}

/** What a matcher asks: of an organization in this process, or of one that is connected. */
type Asked = Pick<Organization, 'waitForReport' | 'waitForRefusal' | 'refusals'> &
  ReportingOrganization

function organizationIn(received: unknown): Asked {
  if (hasFunction(received, 'waitForReport')) return received as Asked
  throw mistake(
    'expect() needs an organization, as createOrganization() or connectOrganization() gives it',
  )
}

function booksIn(received: unknown): Books {
  if (hasFunction(received, 'ledger')) return received as Books
  throw mistake(
    'toAddUp() needs an organization, as createOrganization() or connectOrganization() gives it',
  )
}

function hasFunction(received: unknown, name: string): boolean {
  return typeof received === 'object' && received !== null && name in received
}

function mistake(message: string): TeamServerError {
  return new TeamServerError('ERR_OPTION_INVALID', message)
}
