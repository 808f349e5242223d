import { dateAndTime } from '../../parts/moment.ts'
import { Listing } from './listing.tsx'
import type { SessionResource } from './resources.ts'

/** The runs whose findings belong together. */
export function Sessions({ appId }: { readonly appId: string }) {
  return (
    <Listing<{ agentSessions: readonly SessionResource[]; total: number }>
      method="POST"
      path={`/ng/organizations/:org/applications/${encodeURIComponent(appId)}/agent-sessions/filter?limit=50`}
      none="No session was reported"
    >
      {({ agentSessions, total }) =>
        agentSessions.length > 0 && (
          <>
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
                          .map(
                            ({ metadataField, value }) => `${metadataField.displayLabel} ${value}`,
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
            {total > agentSessions.length && (
              <p class="fine">{`The first ${agentSessions.length} of ${total}.`}</p>
            )}
          </>
        )
      }
    </Listing>
  )
}
