import type { Route } from '../route.ts'
import { changeAddressRanges, showAddressRanges } from './address-ranges.ts'
import { showAuditLog, showSystemAuditLog } from './audit-log.ts'

/** Address ranges and the audit log. */
export const SECURITY_ROUTES: readonly Route[] = [
  showAddressRanges,
  changeAddressRanges,
  showAuditLog,
  showSystemAuditLog,
]
