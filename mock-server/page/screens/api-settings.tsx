import { Notice } from '../parts/notice.tsx'
import { permissionsOf, useSignedIn } from '../state/context.ts'
import { ApiKeyCard } from './api-settings/api-key-card.tsx'
import { OrganizationCard } from './api-settings/organization-card.tsx'
import { OwnKeyCard } from './api-settings/own-key-card.tsx'
import { SampleCard } from './api-settings/sample-card.tsx'

/** User menu > Settings > API: the keys of the organization and of the person. */
export function ApiSettings() {
  const signedIn = useSignedIn()
  const { isAdmin } = permissionsOf(signedIn)
  const { organization } = signedIn
  return (
    <div class="stack">
      {organization && <OrganizationCard organization={organization} />}
      {organization &&
        (isAdmin ? (
          <ApiKeyCard organization={organization} />
        ) : (
          <Notice title="Organization API key">
            <p>It is shown to administrators of the organization.</p>
          </Notice>
        ))}
      <OwnKeyCard />
      {organization && isAdmin && <SampleCard organization={organization} />}
    </div>
  )
}
