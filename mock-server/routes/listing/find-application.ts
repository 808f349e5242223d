import type { ApplicationRecord, OrganizationRecord } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'

/** What is asked about an application: its id stands in the path as `:app`. */
export interface ApplicationCall {
  readonly parameters: Readonly<Record<string, string>>
  readonly organization: OrganizationRecord
  readonly store: Store
}

/** The application that the path names, whatever the case of its id. */
export function findApplication({
  parameters,
  organization,
  store,
}: ApplicationCall): Promise<ApplicationRecord | undefined> {
  return store.applicationById(organization.id, (parameters.app ?? '').toLowerCase())
}
