import type { VulnerabilityFilter } from '../../inventory/vulnerability-filter.ts'
import type { ApplicationRecord } from '../../store/records.ts'

/**
 * Leaves out what is of archived applications, as everything does that is about several: as documented, archiving
 * turns an application off, and it counts for nothing until it is restored.
 */
export function withoutArchived(
  applications: Iterable<ApplicationRecord>,
): Pick<VulnerabilityFilter, 'otherThan'> {
  const archived = [...applications].filter(({ isArchived }) => isArchived)
  return archived.length === 0 ? {} : { otherThan: new Set(archived.map(({ name }) => name)) }
}
