import { Listing } from './listing.tsx'
import type { LibraryResource } from './resources.ts'

/** What the application is built from. */
export function Libraries({ appId }: { readonly appId: string }) {
  return (
    <Listing<{ libraries: readonly LibraryResource[]; count: number }>
      path={`/ng/:org/applications/${encodeURIComponent(appId)}/libraries?expand=skip_links&limit=50`}
      none="No library was reported"
    >
      {({ libraries, count }) =>
        libraries.length > 0 && (
          <>
            <table class="arrivals">
              <thead>
                <tr>
                  <th scope="col">Library</th>
                  <th scope="col">Version</th>
                  <th scope="col">Licences</th>
                </tr>
              </thead>
              <tbody>
                {libraries.map((each) => (
                  <tr key={each.hash}>
                    <td class="long">{each.file_name}</td>
                    <td data-label="Version" class="long number">
                      {each.file_version ?? each.version ?? '–'}
                    </td>
                    <td data-label="Licences" class="long">
                      {each.licenses?.join(', ') || '–'}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {count > libraries.length && (
              <p class="fine">{`The first ${libraries.length} of ${count}.`}</p>
            )}
          </>
        )
      }
    </Listing>
  )
}
