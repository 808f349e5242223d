import { Notice } from '../parts/notice.tsx'
import { permissionsOf, useSignedIn } from '../state/context.ts'
import { ApiKeyCard } from './api-settings/api-key-card.tsx'
import { OrganizationCard } from './api-settings/organization-card.tsx'
import { OwnKeyCard } from './api-settings/own-key-card.tsx'
import { SampleCard } from './api-settings/sample-card.tsx'

/** User menu > Settings > API: the keys of the organization and of the person. */
export function ApiSettings() {
  const signedIn = useSignedIn()
  const { isAdmin, seesApiKey, seesAgentKeys } = permissionsOf(signedIn)
  const { organization } = signedIn
  return (
    <div class="stack">
      {organization && <OrganizationCard organization={organization} />}
      {organization &&
        (seesApiKey ? (
          <ApiKeyCard organization={organization} isChangeable={isAdmin} />
        ) : (
          <Notice title="Organization API key">
            <p>It is not shown to you: the role edit, or one above it, sees it here.</p>
          </Notice>
        ))}
      <OwnKeyCard />
      {organization && seesAgentKeys && <SampleCard organization={organization} />}
    </div>
  )
}
