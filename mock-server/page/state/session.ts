import { ApiError, type Client, createClient } from '../api/client.ts'
import { createValue, type Value } from './value.ts'

export interface OwnOrganization {
  readonly id: string
  readonly name: string
  /** As a member of it; undefined for those who stand over all. */
  readonly role: string | undefined
}

/** Who is signed in, and where they are. */
export interface SignedIn {
  readonly status: 'signed-in'
  readonly userName: string
  /** superadmin, observer, or empty. */
  readonly systemRole: string
  readonly organizations: readonly OwnOrganization[]
  /** Undefined while there is none. */
  readonly organization: OwnOrganization | undefined
}

/** Why somebody is not signed in. */
export type Goodbye = 'signed-out' | 'idle' | 'ended'

export type SessionState =
  | { readonly status: 'unknown' }
  | { readonly status: 'signed-out'; readonly why?: Goodbye }
  | SignedIn

/** When the login ends, by the clock of this browser. */
export interface SessionEnds {
  readonly idleAtMs: number
  readonly atMs: number
}

export interface Session {
  readonly state: Value<SessionState>
  readonly ends: Value<SessionEnds | undefined>
  readonly client: Client
  /** Looks whether this browser is signed in already. */
  begin(): Promise<void>
  signIn(userName: string, password: string): Promise<void>
  signOut(): Promise<void>
  /** A sign of life: the idle time begins again. */
  stay(): Promise<void>
  choose(organizationId: string): void
  /** What the server said of the end of the session. */
  told(left: { readonly idleInMs: number; readonly endsInMs: number }): void
  lost(why: Goodbye): void
}

/** The token that changes are sent with. The session itself is a cookie that no script can read. */
const TOKEN = 'mock-teamserver.csrf-token'

/** The id of the organization that this window is about. */
const CHOSEN = 'mock-teamserver.organization'

export function createSession(apiUrl: string, now: () => number): Session {
  const state = createValue<SessionState>({ status: 'unknown' })
  const ends = createValue<SessionEnds | undefined>(undefined)
  let idleTimeoutMs = 0

  const client = createClient({
    apiUrl,
    csrfToken: () => localStorage.getItem(TOKEN) ?? undefined,
    onAlive() {
      const before = ends.get()
      if (before === undefined || idleTimeoutMs === 0) return
      ends.set({ ...before, idleAtMs: now() + idleTimeoutMs })
    },
    onSessionMissing: () => lost(whyNow()),
  })

  /** The server does not say why a session is gone; the time does. */
  function whyNow(): Goodbye {
    const known = ends.get()
    if (known === undefined) return 'ended'
    return known.idleAtMs <= now() && known.idleAtMs < known.atMs ? 'idle' : 'ended'
  }

  function lost(why: Goodbye): void {
    localStorage.removeItem(TOKEN)
    ends.set(undefined)
    // The server's word of the end may come before the answer to whoever signs out.
    const before = state.get()
    if (before.status !== 'signed-out' || why === 'signed-out')
      state.set({ status: 'signed-out', why })
  }

  async function readTimes(): Promise<void> {
    const answer = await client.get<SessionAnswer>('/ng/profile/session')
    idleTimeoutMs = answer.idleTimeoutMs
    ends.set({ idleAtMs: now() + answer.idleTimeoutMs, atMs: now() + answer.endsInMs })
  }

  async function readPerson(): Promise<void> {
    await readTimes()
    const [{ user }, { adminRole, roles }, { organizations }] = await Promise.all([
      client.get<ProfileAnswer>('/ng/profile'),
      client.get<RolesAnswer>('/ng/profile/roles'),
      client.get<OrganizationsAnswer>('/ng/profile/organizations'),
    ])
    const own = organizations.map(({ organization_uuid: id, name }) => ({
      id,
      name,
      role: roles.find((each) => each.organization_uuid === id)?.role,
    }))
    state.set({
      status: 'signed-in',
      userName: user.user_uid,
      systemRole: adminRole,
      organizations: own,
      organization: own.find(({ id }) => id === sessionStorage.getItem(CHOSEN)) ?? own[0],
    })
  }

  // Another tab signed in or out.
  addEventListener('storage', ({ key, newValue }) => {
    if (key !== TOKEN) return
    if (newValue === null) lost('signed-out')
    else void readPerson().catch(() => {})
  })

  return {
    state,
    ends,
    client,
    async begin() {
      if (localStorage.getItem(TOKEN) === null) {
        state.set({ status: 'signed-out' })
        return
      }
      try {
        await readPerson()
      } catch (error) {
        if (error instanceof ApiError && error.reason === 'session-missing') return
        state.set({ status: 'signed-out' })
      }
    },
    async signIn(userName, password) {
      const { csrfToken } = await client.post<LoginAnswer>('/ng/login', { userName, password })
      localStorage.setItem(TOKEN, csrfToken)
      await readPerson()
    },
    async signOut() {
      try {
        await client.post('/ng/logout')
      } catch (error) {
        if (!(error instanceof ApiError) || error.reason !== 'session-missing') throw error
      }
      lost('signed-out')
    },
    stay: readTimes,
    choose(organizationId) {
      const before = state.get()
      if (before.status !== 'signed-in') return
      const organization = before.organizations.find(({ id }) => id === organizationId)
      if (organization === undefined) return
      sessionStorage.setItem(CHOSEN, organizationId)
      state.set({ ...before, organization })
    },
    told: ({ idleInMs, endsInMs }) =>
      ends.set({ idleAtMs: now() + idleInMs, atMs: now() + endsInMs }),
    lost,
  }
}

interface LoginAnswer {
  readonly csrfToken: string
}

interface SessionAnswer {
  readonly idleTimeoutMs: number
  readonly endsInMs: number
}

interface ProfileAnswer {
  readonly user: { readonly user_uid: string }
}

interface RolesAnswer {
  readonly adminRole: string
  readonly roles: readonly { readonly organization_uuid: string; readonly role: string }[]
}

interface OrganizationsAnswer {
  readonly organizations: readonly { readonly organization_uuid: string; readonly name: string }[]
}
