import { API_BASE } from '../../sdk/wire/paths.ts'
import type { Actor } from '../administration/act.ts'
import type { Administration } from '../administration/administration.ts'
import type { Caller } from '../authentication/authenticate.ts'
import type { Answer } from '../core/exchange.ts'
import type { Live } from '../live/live.ts'
import type { Validator } from '../messages/validators.generated.js'
import type {
  LoginSessionRecord,
  OrganizationRecord,
  OrganizationRole,
  PersonRecord,
} from '../store/records.ts'
import type { Store } from '../store/store.ts'

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

/** Who may use a route: agents alone, or people in one of these roles, and never the other kind. */
export type Access =
  | 'agents'
  /** Superadmin always, observer where `view` may. */
  | { readonly people: readonly OrganizationRole[] }

/** Who may use a route that is about a person or the whole TeamServer rather than an organization. */
export type PersonAccess = 'every-person' | 'superadmin'

/** What every route is asked, guarded or not. */
export interface OpenCall<Message = undefined> {
  readonly message: Message
  readonly header: (name: string) => string | undefined
  /** Where the request came from, trusted proxies taken into account. */
  readonly remoteAddress: string | undefined
  readonly now: Date
  /** Whether the request came over TLS. */
  readonly isSecure: boolean
  readonly administration: Administration
  /** Says for the audit log who a request is about, where no credentials did. */
  readonly tellWho: (userName: string | undefined, organizationId: string | undefined) => void
}

/** What a route is asked that is about the caller, or about the whole TeamServer. */
export interface PersonCall<Message = undefined> extends OpenCall<Message> {
  readonly parameters: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly person: PersonRecord
  /** When the person is signed in rather than sending credentials. */
  readonly session: LoginSessionRecord | undefined
  readonly store: Store
  /** Who acts, for the audit log. */
  readonly actor: Actor
}

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
  /** Who acts, for the audit log. */
  readonly actor: Actor
  /** Where engines reach this TeamServer: `http://host:port/Contrast`. */
  readonly address: () => string
  /** Where the request came from, trusted proxies taken into account. */
  readonly remoteAddress: string | undefined
  readonly header: (name: string) => string | undefined
  /** The TeamServer's clock, for what goes on after the answer. */
  readonly clock: () => Date
  /** What happens in the organization while somebody looks. */
  readonly live: Live
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
  /** The name of the body's shape, in the schemas of its folder. */
  readonly request?: string
  /** The name of the shape of an answer that is no refusal: there, or a documented object. */
  readonly answer?: string
  /** Every status of that answer. @default 200 */
  readonly answerStatus?: number | readonly number[]
  /** Every type of that answer. @default `application/json` */
  readonly answerType?: string | readonly string[]
  readonly query?: Readonly<Record<string, string>>
}

interface RouteHead {
  readonly method: Method
  /** Below `base`; a variable stands as `:name`. `:org` is the organization's id. */
  readonly path: string
  /** What the path stands below. @default `/Contrast/api` */
  readonly base?: string
  readonly description: RouteDescription
  /** An empty body then means `{}`, whatever its content type: public clients send such. */
  readonly isBodyOptional?: boolean
  /** A form is as good as JSON, also under the content type of JSON: public clients send such. */
  readonly takesForms?: boolean
}

/** A route that anyone may use, without credentials. */
export interface PublicRoute extends RouteHead {
  readonly access: 'anyone'
  /** It takes a password: not even looked at after too many failed attempts from an address. */
  readonly isLogin?: boolean
  /** Reads the JSON body; without one no body is read. */
  readonly validator?: Validator<unknown>
  readonly answer: (call: OpenCall<never>) => Promise<Answer>
}

/** A route for people that needs no organization. */
export interface PersonRoute extends RouteHead {
  readonly access: PersonAccess
  /** Of use to a person who is signed in alone. */
  readonly needsSession?: boolean
  readonly validator?: Validator<unknown>
  readonly answer: (call: PersonCall<never>) => Promise<Answer>
}

/** A route for callers whose credentials were right. */
export interface GuardedRoute extends RouteHead {
  readonly access: Access
  /** Of use to a person who is signed in alone. */
  readonly needsSession?: boolean
  /** Reads the JSON body; without one no body is read. */
  readonly validator?: Validator<unknown>
  readonly answer: (call: Call<never>) => Promise<Answer>
}

export type Route = PublicRoute | PersonRoute | GuardedRoute

/** The whole path of a route; a variable stands as `:name`. */
export function pathOf({ base = API_BASE, path }: Pick<Route, 'base' | 'path'>): string {
  return `${base}${path}`
}

/** True for a route that needs no organization. */
export function isPersonRoute(route: Route): route is PersonRoute {
  return route.access === 'every-person' || route.access === 'superadmin'
}

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
    readonly needsSession?: boolean
    readonly answer: (call: Call) => Promise<Answer>
  },
): GuardedRoute {
  return definition
}

/** A route for anyone that reads a JSON body. */
export function publicRouteWithBody<Message>(
  definition: Omit<PublicRoute, 'answer' | 'validator'> & {
    readonly validator: Validator<Message>
    readonly answer: (call: OpenCall<Message>) => Promise<Answer>
  },
): PublicRoute {
  return definition
}

/** A route for people that reads a JSON body. */
export function personRouteWithBody<Message>(
  definition: RouteHead & {
    readonly access: PersonAccess
    readonly validator: Validator<Message>
    readonly answer: (call: PersonCall<Message>) => Promise<Answer>
  },
): PersonRoute {
  return definition
}

/** A route for people that reads no body. */
export function personRoute(
  definition: RouteHead & {
    readonly access: PersonAccess
    readonly needsSession?: boolean
    readonly answer: (call: PersonCall) => Promise<Answer>
  },
): PersonRoute {
  return definition
}

export const ALL_ROLES: readonly OrganizationRole[] = ['view', 'edit', 'rules_admin', 'admin']
export const EDIT_AND_UP: readonly OrganizationRole[] = ['edit', 'rules_admin', 'admin']
export const RULES_ADMIN_AND_UP: readonly OrganizationRole[] = ['rules_admin', 'admin']
export const ADMIN_ONLY: readonly OrganizationRole[] = ['admin']
export const EVERY_ROLE: readonly OrganizationRole[] = [...ALL_ROLES, 'auditor']
export const ADMIN_AND_AUDITOR: readonly OrganizationRole[] = ['admin', 'auditor']
