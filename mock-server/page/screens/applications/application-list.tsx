import { Card, Empty, Loading } from '../../parts/card.tsx'
import { dateAndTime } from '../../parts/moment.ts'
import { Failure } from '../../parts/notice.tsx'
import { useOrganization, useSurroundings } from '../../state/context.ts'
import { linkTo } from '../../state/place.ts'
import { useLoaded } from '../../state/use-loaded.ts'
import { Coverage } from './coverage.tsx'
import { Presence } from './presence.tsx'
import type { ApplicationResource } from './resources.ts'
import { SeverityLine } from './severity-plot.tsx'

/** Every application that an engine made known. */
export function ApplicationList() {
  const { client } = useSurroundings().session
  const organization = useOrganization()
  const path = `/ng/${organization.id}/applications?expand=trace_breakdown,coverage,skip_links&limit=100`
  const read = useLoaded(
    path,
    () => client.get<{ applications: readonly ApplicationResource[]; count: number }>(path),
    ['arrivals'],
  )
  const applications = read.value?.applications
  return (
    <Card title="What arrived" about="Each application that an engine reports about.">
      <Failure error={read.error} />
      {applications === undefined && read.error === undefined && <Loading lines={6} />}
      {applications?.length === 0 && (
        <Empty title="No application yet">
          <p>It appears with the first request of its engine.</p>
        </Empty>
      )}
      {applications && applications.length > 0 && (
        <table class="arrivals applications">
          <thead>
            <tr>
              <th scope="col">Application</th>
              <th scope="col">Vulnerabilities</th>
              <th scope="col">Routes</th>
              <th scope="col">Last seen</th>
            </tr>
          </thead>
          <tbody>
            {applications.map((application) => (
              <tr key={application.app_id}>
                <td class="long">
                  <a href={linkTo('applications', application.app_id)}>{application.name}</a>
                  <span class="fine">
                    {application.language} <Presence {...application} />
                  </span>
                </td>
                <td data-label="Vulnerabilities">
                  {application.trace_breakdown && (
                    <SeverityLine breakdown={application.trace_breakdown} />
                  )}
                </td>
                <td data-label="Routes">
                  {application.routes && <Coverage {...application.routes} />}
                </td>
                <td data-label="Last seen">
                  <time>{dateAndTime(application.last_seen)}</time>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  )
}
