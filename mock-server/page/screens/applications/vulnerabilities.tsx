import { dateAndTime } from '../../parts/moment.ts'
import { Listing } from './listing.tsx'
import type { TraceResource } from './resources.ts'

/** The weaknesses that were found, worst first as the server orders them. */
export function Vulnerabilities({ appId }: { readonly appId: string }) {
  return (
    <Listing<{ traces: readonly TraceResource[]; count: number }>
      path={`/ng/:org/traces/${encodeURIComponent(appId)}/filter?expand=skip_links&sort=-severity&limit=50`}
      none="No vulnerability was reported"
    >
      {({ traces, count }) =>
        traces.length > 0 && (
          <>
            <table class="arrivals">
              <thead>
                <tr>
                  <th scope="col">Severity</th>
                  <th scope="col">Vulnerability</th>
                  <th scope="col">Status</th>
                  <th scope="col">Last seen</th>
                </tr>
              </thead>
              <tbody>
                {traces.map((each) => (
                  <tr key={each.uuid}>
                    <td data-label="Severity">
                      <span class={`severity ${each.severity.toLowerCase()}`}>
                        {each.severity_label ?? each.severity}
                      </span>
                    </td>
                    <td class="long">
                      {each.title || each.rule_title || each.rule_name}
                      <span class="fine">
                        {each.rule_name} {each.sub_title}
                      </span>
                    </td>
                    <td data-label="Status">{each.status}</td>
                    <td data-label="Last seen">
                      <time>{dateAndTime(each.last_time_seen)}</time>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {count > traces.length && (
              <p class="fine">{`The first ${traces.length} of ${count}.`}</p>
            )}
          </>
        )
      }
    </Listing>
  )
}
