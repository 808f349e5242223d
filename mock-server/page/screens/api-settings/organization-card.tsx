import { Card } from '../../parts/card.tsx'
import { Plain } from '../../parts/secret.tsx'
import type { OwnOrganization } from '../../state/session.ts'
import { teamServerUrl } from './team-server-url.ts'

/** What names the organization; none of it is secret. */
export function OrganizationCard({ organization }: { readonly organization: OwnOrganization }) {
  return (
    <Card title="Organization">
      <dl class="facts">
        <dt>Name</dt>
        <dd class="long">{organization.name}</dd>
        <dt>Organization ID</dt>
        <dd>
          <Plain what="organization ID" value={organization.id} />
        </dd>
        <dt>TeamServer URL</dt>
        <dd>
          <Plain what="TeamServer URL" value={teamServerUrl()} />
        </dd>
      </dl>
    </Card>
  )
}
