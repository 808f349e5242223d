import type { AddressRanges } from '../addresses/address-ranges.ts'
import { isSecureFrom } from '../addresses/remote-address.ts'
import type { Administration } from '../administration/administration.ts'
import type { Caller } from '../authentication/authenticate.ts'
import type { Live } from '../live/live.ts'
import type { Call, OpenCall, PersonCall } from '../routes/route.ts'
import type { OrganizationRecord, PersonRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { RequestHead } from './exchange.ts'
import type { ExchangeContext, Journal } from './journal.ts'
import type { Unread } from './read-message.ts'

/** What a request comes to, before its body is read. */
export interface Asked {
  readonly head: RequestHead
  readonly context: ExchangeContext
  readonly caller: Caller
  /** Variables of the path, decoded. */
  readonly parameters: Readonly<Record<string, string>>
  readonly query: URLSearchParams
}

/** Puts together what routes of each kind are asked, each for one request alone; the message comes last. */
export interface Calls {
  open(head: RequestHead, context: ExchangeContext): Unread<OpenCall>
  ofPerson(asked: Asked, person: PersonRecord): Unread<PersonCall>
  inOrganization(asked: Asked, organization: OrganizationRecord): Unread<Call>
}

export interface CallParts {
  readonly store: Store
  readonly administration: Administration
  readonly journal: Journal
  /** Where engines reach this TeamServer: `http://host:port/Contrast`. */
  readonly address: () => string
  readonly live: Live
  readonly now: () => Date
  readonly trustedProxies: AddressRanges
}

export function createCalls({
  store,
  administration,
  journal,
  address,
  live,
  now,
  trustedProxies,
}: CallParts): Calls {
  const open: Calls['open'] = (head, context) => ({
    message: undefined,
    header: head.header,
    remoteAddress: context.remoteAddress,
    now: context.at,
    isSecure: isSecureFrom(
      head.remoteAddress,
      head.isSecure === true,
      () => head.header('x-forwarded-proto'),
      trustedProxies,
    ),
    administration,
    tellWho(userName, organizationId) {
      context.userName = userName
      context.organizationId = organizationId
    },
  })
  return {
    open,
    ofPerson: (asked, person) => ({
      ...open(asked.head, asked.context),
      parameters: asked.parameters,
      query: asked.query,
      person,
      session: asked.caller.session,
      store,
      actor: actorOf(asked),
    }),
    inOrganization: (asked, organization) => ({
      message: undefined,
      parameters: asked.parameters,
      query: asked.query,
      caller: asked.caller,
      organization,
      now: asked.context.at,
      store,
      administration,
      actor: actorOf(asked),
      address,
      remoteAddress: asked.context.remoteAddress,
      header: asked.head.header,
      clock: now,
      live,
      note: (kind, reason, detail) =>
        journal.noted(asked.head, asked.context, kind, reason, detail),
    }),
  }
}

function actorOf({ caller, context: { remoteAddress } }: Asked) {
  const { userName } = caller.record
  return remoteAddress === undefined ? { userName } : { userName, remoteAddress }
}
