import type { Ledger } from '../ledger/ledger.ts'
import { type RefusedRequest, refusalInWords } from '../store/refused-request.ts'
import type { Started } from './started.ts'

/** What was taken and refused while a command ran. */
export interface RunSummary {
  readonly exitCode: number
  readonly organization: { readonly id: string; readonly name: string }
  readonly ledger: Ledger
  /** Stored reports of each type. */
  readonly reports: Readonly<Record<string, number>>
  readonly applications: readonly string[]
  /** Those of the organization, and those of which no organization could be told. */
  readonly refusals: readonly RefusedRequest[]
}

export async function summaryOf(
  { teamServer, organization }: Started,
  exitCode: number,
): Promise<RunSummary> {
  const reports: Record<string, number> = {}
  for (const { type } of await organization.reports()) reports[type] = (reports[type] ?? 0) + 1
  const applications = await organization.applications()
  return {
    exitCode,
    organization: { id: organization.id, name: organization.name },
    ledger: organization.ledger(),
    reports,
    applications: applications.map(({ name }) => name),
    refusals: [...(await organization.refusals()), ...(await teamServer.refusals())],
  }
}

const MOST_LINES = 20

/** In a few lines for people. */
export function describeRun({
  exitCode,
  organization,
  ledger,
  reports,
  applications,
  refusals,
}: RunSummary): string {
  const types = Object.entries(reports).map(([type, count]) => `${count} ${type}`)
  const shown = refusals.slice(-MOST_LINES)
  const left = refusals.length - shown.length
  return [
    `mock-teamserver: the command ended with ${exitCode}; ${organization.name} received ${counted(ledger.requests, 'request')}`,
    `  applications  ${applications.length === 0 ? 'none' : applications.join(', ')}`,
    `  stored        ${types.length === 0 ? 'nothing' : types.join(', ')}`,
    `  known         ${ledger.known}`,
    `  rejected      ${ledger.rejected}`,
    `  refused       ${counted(refusals.length, 'request')}`,
    ...(left === 0 ? [] : [`    and ${left} before`]),
    ...shown.map((refusal) => `    ${refusalInWords(refusal)}`),
  ].join('\n')
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
