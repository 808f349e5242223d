import { dateAndTime } from '../../parts/moment.ts'
import { Listing } from './listing.tsx'
import type { SessionResource } from './resources.ts'

/** The runs whose findings belong together. */
export function Sessions({ appId }: { readonly appId: string }) {
  return (
    <Listing<{ agentSessions?: readonly SessionResource[] }>
      path={`/ng/organizations/:org/applications/${encodeURIComponent(appId)}/agent-sessions`}
      none="No session was reported"
    >
      {({ agentSessions = [] }) =>
        agentSessions.length > 0 && (
          <table class="arrivals">
            <thead>
              <tr>
                <th scope="col">Session</th>
                <th scope="col">Begun</th>
              </tr>
            </thead>
            <tbody>
              {agentSessions.map((each) => (
                <tr key={each.agentSessionId}>
                  <td class="long">
                    <code>{each.agentSessionId}</code>
                    <span class="fine">
                      {each.metadataSessions
                        ?.map(({ metadataField, label, value }) =>
                          [
                            metadataField?.displayLabel ?? metadataField?.agentLabel ?? label,
                            value,
                          ].join(' '),
                        )
                        .join(', ')}
                    </span>
                  </td>
                  <td data-label="Begun">
                    <time>{dateAndTime(each.createdDate)}</time>
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
