import { dateAndTime } from '../../parts/moment.ts'
import { Listing } from './listing.tsx'
import { Presence } from './presence.tsx'
import type { ServerResource } from './resources.ts'

/** The machines that the application runs on. */
export function Servers({ appId }: { readonly appId: string }) {
  return (
    <Listing<{ servers: readonly ServerResource[] }>
      path={`/ng/:org/applications/${encodeURIComponent(appId)}/servers?expand=skip_links`}
      none="No server was reported"
    >
      {({ servers }) =>
        servers.length > 0 && (
          <table class="arrivals">
            <thead>
              <tr>
                <th scope="col">Server</th>
                <th scope="col">Environment</th>
                <th scope="col">State</th>
                <th scope="col">Last seen</th>
              </tr>
            </thead>
            <tbody>
              {servers.map((each) => (
                <tr key={each.server_id}>
                  <td class="long">
                    {each.name}
                    <span class="fine">
                      {each.type} {each.path}
                    </span>
                  </td>
                  <td data-label="Environment">{each.environment.toLowerCase()}</td>
                  <td data-label="State">
                    <Presence status={each.status} />
                  </td>
                  <td data-label="Last seen">
                    <time>{dateAndTime(each.last_activity)}</time>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </Listing>
  )
}
