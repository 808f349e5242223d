import type { Report } from '../../sdk/wire/messages.ts'
import { scrub } from './scrub.ts'

/** What has reports: an organization, in this process or another. */
export interface ReportingOrganization {
  reports(): Promise<readonly Report[]>
}

/** A report as a snapshot keeps it. */
export type ReportedThing = Readonly<Record<string, unknown>>

/**
 * What was reported, without what differs from run to run and in a fixed order, whatever order it came
 * in: by type, then by all the rest.
 */
export async function reportedBy(
  organization: ReportingOrganization,
): Promise<readonly ReportedThing[]> {
  const scrubbed = (await organization.reports()).map((report) => {
    const thing = scrub(report) as ReportedThing
    return { thing, key: `${report.type} ${JSON.stringify(thing)}` }
  })
  return scrubbed
    .sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
    .map(({ thing }) => thing)
}

/** The same as text, for runners whose snapshots are text: one field a line. */
export async function reportedSnapshot(organization: ReportingOrganization): Promise<string> {
  return `${JSON.stringify(await reportedBy(organization), null, 2)}\n`
}
