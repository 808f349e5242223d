import { AssertionError } from 'node:assert'
import type { Report } from '../../sdk/wire/messages.ts'
import { TeamServerError } from '../errors.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { firstDifference } from '../matching/difference.ts'
import type { Organization } from '../organization/organization.ts'
import type { OrganizationWaiting, Wanted } from '../organization/waiting.ts'
import type { ReportingOrganization } from '../reported/reported.ts'
import type { RefusedRequest } from '../store/refused-request.ts'
import type { WaitOptions } from '../waiting/wait-until.ts'
import { type CountingEngine, differencesInBooks, ledgerInWords } from './add-up.ts'

/**
 * Asserts that a report is stored, or arrives in time; gives it back. For any test runner.
 *
 * @throws `AssertionError` with what came nearest, what arrived and what was refused.
 */
export function assertStored(
  organization: Pick<OrganizationWaiting, 'waitForReport'>,
  wanted: Wanted<Report> = {},
  options?: WaitOptions,
): Promise<Report> {
  return asAssertion(organization.waitForReport(wanted, options), wanted, assertStored)
}

/** Asserts that a request was refused, or is in time; gives it back. @throws `AssertionError` */
export function assertRefused(
  organization: Pick<OrganizationWaiting, 'waitForRefusal'>,
  wanted: Wanted<RefusedRequest> = {},
  options?: WaitOptions,
): Promise<RefusedRequest> {
  return asAssertion(organization.waitForRefusal(wanted, options), wanted, assertRefused)
}

/** Asserts that nothing of the kind is stored at this moment. @throws `AssertionError` */
export async function assertNotStored(
  organization: ReportingOrganization,
  unwanted: Wanted<Report> = {},
): Promise<void> {
  const found = (await organization.reports()).find((each) => isLike(unwanted, each))
  if (found === undefined) return
  throw failure(`stored, though it should not be: ${JSON.stringify(found)}`, assertNotStored)
}

/** Asserts that nothing of the kind was refused up to this moment. @throws `AssertionError` */
export async function assertNotRefused(
  organization: Pick<Organization, 'refusals'>,
  unwanted: Wanted<RefusedRequest> = {},
): Promise<void> {
  const found = (await organization.refusals()).find((each) => isLike(unwanted, each))
  if (found === undefined) return
  throw failure(`refused, though it should not be: ${JSON.stringify(found)}`, assertNotRefused)
}

/** Of an organization in this process, or of one that is connected. */
export interface Books {
  ledger(): Ledger | Promise<Ledger>
}

type Engines = readonly [CountingEngine, ...CountingEngine[]]

/**
 * Asserts that what engines count is what TeamServer told them: all the engines of the organization,
 * at a moment when nothing is under way. A promise where the organization is in another process.
 *
 * @throws `AssertionError`, naming each difference.
 */
export function assertAddsUp(organization: { ledger(): Ledger }, ...engines: Engines): void
export function assertAddsUp(
  organization: { ledger(): Promise<Ledger> },
  ...engines: Engines
): Promise<void>
export function assertAddsUp(organization: Books, ...engines: Engines): void | Promise<void>
export function assertAddsUp(organization: Books, ...engines: Engines): void | Promise<void> {
  const ledger = organization.ledger()
  if (!('then' in ledger)) return assertSameBooks(ledger, engines)
  return ledger.then((sent) => assertSameBooks(sent, engines))
}

function assertSameBooks(ledger: Ledger, engines: Engines): void {
  const differences = differencesInBooks(ledger, engines)
  if (differences.length === 0) return
  throw failure([...differences, ledgerInWords(ledger)].join('\n'), assertAddsUp)
}

async function asAssertion<Found>(
  found: Promise<Found>,
  wanted: object,
  caller: (...given: never[]) => unknown,
): Promise<Found> {
  try {
    return await found
  } catch (error) {
    if (!(error instanceof TeamServerError) || error.code !== 'ERR_WAIT_TIMEOUT') throw error
    throw failure(error.message, caller, wanted)
  }
}

function isLike(wanted: object, thing: object): boolean {
  return firstDifference(wanted, thing) === undefined
}

function failure(
  message: string,
  caller: (...given: never[]) => unknown,
  expected?: object,
): AssertionError {
  return new AssertionError({ message, expected, stackStartFn: caller, operator: caller.name })
}
