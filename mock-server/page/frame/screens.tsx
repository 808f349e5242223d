import type { ComponentType } from 'preact'
import { AddressRanges } from '../screens/addresses.tsx'
import { AgentKeys } from '../screens/agent-keys.tsx'
import { ApiSettings } from '../screens/api-settings.tsx'
import { Applications } from '../screens/applications.tsx'
import { AuditLog } from '../screens/audit-log.tsx'
import { KeyManagement } from '../screens/key-management.tsx'
import { Live } from '../screens/live.tsx'
import type { permissionsOf } from '../state/context.ts'

export interface ScreenProps {
  /** What stands behind the screen's own segments in the address. */
  readonly rest: readonly string[]
}

/** One screen: where it stands, what it is called, and who may see it. */
export interface Screen {
  readonly segments: readonly string[]
  readonly title: string
  /** Under which heading of the navigation; undefined for what the user menu leads to. */
  readonly group: 'Organization' | 'Organization settings' | 'System settings' | undefined
  readonly isFor: (permissions: ReturnType<typeof permissionsOf>) => boolean
  /** True for a screen that is about the organization. */
  readonly isOfOrganization: boolean
  readonly Screen: ComponentType<ScreenProps>
}

export const SCREENS: readonly Screen[] = [
  {
    segments: ['live'],
    title: 'Live view',
    group: 'Organization',
    isFor: ({ isAdmin }) => isAdmin,
    isOfOrganization: true,
    Screen: Live,
  },
  {
    segments: ['applications'],
    title: 'Applications',
    group: 'Organization',
    isFor: ({ seesArrivals }) => seesArrivals,
    isOfOrganization: true,
    Screen: Applications,
  },
  {
    segments: ['organization', 'agent-keys'],
    title: 'Agent keys',
    group: 'Organization settings',
    isFor: ({ seesAgentKeys }) => seesAgentKeys,
    isOfOrganization: true,
    Screen: AgentKeys,
  },
  {
    segments: ['organization', 'addresses'],
    title: 'Addresses',
    group: 'Organization settings',
    isFor: ({ isAdmin }) => isAdmin,
    isOfOrganization: true,
    Screen: AddressRanges,
  },
  {
    segments: ['organization', 'audit-log'],
    title: 'Audit log',
    group: 'Organization settings',
    isFor: ({ seesAuditLog }) => seesAuditLog,
    isOfOrganization: true,
    Screen: AuditLog,
  },
  {
    segments: ['settings', 'api'],
    title: 'API settings',
    group: undefined,
    isFor: () => true,
    isOfOrganization: false,
    Screen: ApiSettings,
  },
  {
    segments: ['system', 'key-management'],
    title: 'Key management',
    group: 'System settings',
    isFor: ({ isSuperadmin }) => isSuperadmin,
    isOfOrganization: false,
    Screen: KeyManagement,
  },
]
