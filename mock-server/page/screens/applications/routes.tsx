import { dateAndTime } from '../../parts/moment.ts'
import { Coverage } from './coverage.tsx'
import { Listing } from './listing.tsx'
import type { RouteResource } from './resources.ts'

/** The routes that were found, and which of them anybody has taken. */
export function Routes({ appId }: { readonly appId: string }) {
  return (
    <Listing<{ routes: readonly RouteResource[] }>
      path={`/ng/:org/applications/${encodeURIComponent(appId)}/route?expand=skip_links`}
      none="No route was reported"
    >
      {({ routes }) =>
        routes.length > 0 && (
          <>
            <p class="row exercised">
              Exercised:{' '}
              <Coverage discovered={routes.length} exercised={routes.filter(isExercised).length} />
            </p>
            <table class="arrivals">
              <thead>
                <tr>
                  <th scope="col">Route</th>
                  <th scope="col">Exercised</th>
                </tr>
              </thead>
              <tbody>
                {routes.map((each) => (
                  <tr key={each.route_hash}>
                    <td class="long">
                      <code>{each.signature}</code>
                    </td>
                    <td data-label="Exercised">
                      {isExercised(each) && each.exercised ? (
                        <time>{dateAndTime(each.exercised)}</time>
                      ) : (
                        <span class="fine">not yet</span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )
      }
    </Listing>
  )
}

function isExercised({ status, exercised }: RouteResource): boolean {
  return status.toUpperCase() === 'EXERCISED' || Boolean(exercised)
}
