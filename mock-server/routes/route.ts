import type { Administration } from '../administration/administration.ts'
import type { Caller } from '../authentication/authenticate.ts'
import type { Answer } from '../core/exchange.ts'
import type { Validator } from '../messages/validators.generated.js'
import type { OrganizationRecord, OrganizationRole } from '../store/records.ts'
import type { Store } from '../store/store.ts'

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

/** Who may use a route: agents alone, or people in one of these roles, and never the other kind. */
export type Access =
  | 'agents'
  /** Superadmin always, observer where `view` may. */
  | { readonly people: readonly OrganizationRole[] }

/** What a route is asked, after everything before it was decided. */
export interface Call<Message = undefined> {
  readonly message: Message
  /** Variables of the path, decoded. */
  readonly parameters: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly caller: Caller
  /** The one that the call is about: named in the path, else the caller's own. */
  readonly organization: OrganizationRecord
  readonly now: Date
  readonly store: Store
  readonly administration: Administration
  /** Where engines reach this TeamServer: `http://host:port/Contrast`. */
  readonly address: () => string
  /** Adds a line to the organization's audit log: an act, or a remark on what a caller sent. */
  readonly note: (
    kind: 'administration' | 'notice',
    reason: string,
    detail: string,
  ) => Promise<void>
}

/** The rest of what a reader of the OpenAPI document needs. */
export interface RouteDescription {
  readonly summary: string
  /** True where the public documentation has no such call and we chose it. */
  readonly isOurs: boolean
  /** The name in `schemas.json` of the body, and of the answer that is not a refusal. */
  readonly request?: string
  readonly answer?: string
  /** Every status of that answer. @default 200 */
  readonly answerStatus?: number | readonly number[]
  readonly answerType?: string
  readonly query?: Readonly<Record<string, string>>
}

interface RouteHead {
  readonly method: Method
  /** Below `/Contrast/api`; a variable stands as `:name`. `:org` is the organization's id. */
  readonly path: string
  readonly description: RouteDescription
}

/** A route that anyone may use, without credentials. */
export interface PublicRoute extends RouteHead {
  readonly access: 'anyone'
  readonly answer: () => Promise<Answer>
}

/** A route for callers whose credentials were right. */
export interface GuardedRoute extends RouteHead {
  readonly access: Access
  /** Reads the JSON body; without one no body is read. */
  readonly validator?: Validator<unknown>
  readonly answer: (call: Call<never>) => Promise<Answer>
}

export type Route = PublicRoute | GuardedRoute

/** A guarded route that reads a JSON body. */
export function routeWithBody<Message>(
  definition: RouteHead & {
    readonly access: Access
    readonly validator: Validator<Message>
    readonly answer: (call: Call<Message>) => Promise<Answer>
  },
): GuardedRoute {
  return definition
}

/** A guarded route that reads no body; one that is sent is ignored. */
export function route(
  definition: RouteHead & {
    readonly access: Access
    readonly answer: (call: Call) => Promise<Answer>
  },
): GuardedRoute {
  return definition
}

export const ALL_ROLES: readonly OrganizationRole[] = ['view', 'edit', 'rules_admin', 'admin']
export const EDIT_AND_UP: readonly OrganizationRole[] = ['edit', 'rules_admin', 'admin']
export const ADMIN_ONLY: readonly OrganizationRole[] = ['admin']
