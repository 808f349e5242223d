import type { Severity } from '../../inventory/severity.ts'
import type { VulnerabilityFilter } from '../../inventory/vulnerability-filter.ts'
import type { QueryReader } from '../listing/query.ts'

const BAD: ReadonlySet<Severity> = new Set(['high', 'critical'])

/** The filters that are a click away, each by what it adds to a filter. */
export const QUICK_FILTERS: readonly {
  readonly type: string
  readonly name: string
  readonly narrowed: (filter: VulnerabilityFilter) => VulnerabilityFilter
}[] = [
  { type: 'ALL', name: 'All', narrowed: (filter) => filter },
  { type: 'OPEN', name: 'Open', narrowed: (filter) => ({ ...filter, isOpen: true }) },
  { type: 'CLOSED', name: 'Closed', narrowed: (filter) => ({ ...filter, isOpen: false }) },
  { type: 'HIGH_CONFIDENCE', name: 'High Confidence', narrowed: (filter) => filter },
  {
    type: 'HIGH_SEVERITY',
    name: 'High Severity',
    narrowed: (filter) => ({ ...filter, severities: both(filter.severities, BAD) }),
  },
  // No policy is violated and nothing is pending: neither is modelled.
  { type: 'POLICY_VIOLATION', name: 'Policy Violation', narrowed: none },
  { type: 'PENDING_REVIEW', name: 'Pending Review', narrowed: none },
]

/** Adds what the parameter `quickFilter` asks for. */
export function withQuickFilter(
  query: QueryReader,
  filter: VulnerabilityFilter,
): VulnerabilityFilter {
  const type = query.choice(
    'quickFilter',
    QUICK_FILTERS.map((each) => each.type),
  )
  return QUICK_FILTERS.find((each) => each.type === type)?.narrowed(filter) ?? filter
}

function none(filter: VulnerabilityFilter): VulnerabilityFilter {
  return { ...filter, uuids: new Set() }
}

function both<Value>(
  given: ReadonlySet<Value> | undefined,
  wanted: ReadonlySet<Value>,
): ReadonlySet<Value> {
  return given === undefined ? wanted : new Set([...wanted].filter((each) => given.has(each)))
}
