import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { ExchangeLog } from './exchange-log.ts'
import type { LiveConnection } from './live-connection.ts'
import type { Place } from './place.ts'
import type { OwnOrganization, Session, SignedIn } from './session.ts'
import { useValue, type Value } from './value.ts'

/** What every screen stands on. */
export interface Surroundings {
  readonly session: Session
  readonly place: Value<Place>
  readonly live: LiveConnection
  /** Each request of the organization, as far as somebody looked. */
  readonly exchanges: ExchangeLog
}

export const SurroundingsContext = createContext<Surroundings | undefined>(undefined)

export function useSurroundings(): Surroundings {
  const surroundings = useContext(SurroundingsContext)
  if (surroundings === undefined) throw new Error('there is nothing around this screen')
  return surroundings
}

/** Whoever is signed in. Only screens behind the login ask. */
export function useSignedIn(): SignedIn {
  const state = useValue(useSurroundings().session.state)
  if (state.status !== 'signed-in') throw new Error('nobody is signed in')
  return state
}

/** The organization that a screen is about. Only screens that have one ask. */
export function useOrganization(): OwnOrganization {
  const { organization } = useSignedIn()
  if (organization === undefined) throw new Error('there is no organization')
  return organization
}

/** What somebody may do in the organization that they look at. */
export function permissionsOf({ systemRole, organization }: SignedIn) {
  const role = organization?.role
  const isSuperadmin = systemRole === 'superadmin'
  const isAdmin = isSuperadmin || role === 'admin'
  return {
    isSuperadmin,
    isAdmin,
    seesApiKey: isAdmin || role === 'rules_admin' || role === 'edit',
    seesAgentKeys: isAdmin || role === 'rules_admin',
    seesAuditLog: isAdmin || role === 'auditor',
    seesArrivals: role !== 'auditor',
  }
}
