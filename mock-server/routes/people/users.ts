import type { Actor } from '../../administration/act.ts'
import type { Administration } from '../../administration/administration.ts'
import type { Member } from '../../administration/people.ts'
import type { Caller } from '../../authentication/authenticate.ts'
import { refusal } from '../../core/answer.ts'
import type { Answer } from '../../core/exchange.ts'
import type { OrganizationRecord, PersonRecord } from '../../store/records.ts'
import { done } from '../done.ts'
import { answering } from '../refuse-errors.ts'
import { ADMIN_ONLY, type Call, route, routeWithBody } from '../route.ts'
import { userResource } from './resources.ts'
import { NewUserRequest, UserEnabledRequest, UserRoleRequest } from './validators.generated.js'

const USERS = '/ng/:org/users'
const USER = `${USERS}/:uid`

/** Lists the people of an organization. */
export const listUsers = route({
  method: 'GET',
  path: USERS,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'List the people of the organization',
    isOurs: false,
    answer: 'UsersAnswer',
    query: {
      limit: 'How many at most; all without it',
      offset: 'How many to leave out at the start',
      q: 'Part of the user name',
    },
  },
  async answer({ organization, caller, query, administration }) {
    const text = query.get('q')?.toLowerCase() ?? ''
    const people = (await administration.people.list(organization.id)).filter(({ userName }) =>
      userName.toLowerCase().includes(text),
    )
    const offset = wholeNumber(query.get('offset')) ?? 0
    const limit = wholeNumber(query.get('limit')) ?? people.length
    return asPerson(caller, (reader) =>
      done({
        users: people
          .slice(offset, offset + limit)
          .map((person) => userResource(person, organization.id, reader)),
        count: people.length,
      }),
    )
  },
})

/** Invites a person: what they sign in with is shown this once. */
export const addUser = routeWithBody({
  method: 'POST',
  path: USERS,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Add a person; their first password is in the answer',
    isOurs: false,
    request: 'NewUserRequest',
    answer: 'NewUserAnswer',
    answerStatus: 201,
  },
  validator: NewUserRequest,
  answer: ({ message, organization, caller, administration, actor }) =>
    answering(async () => {
      const userName = message.username ?? message.userName
      const seed = {
        // The shape asks for one of the two.
        role: message.role_name ?? message.role ?? 'view',
        isApiOnly: message.api_only ?? message.isApiOnly ?? false,
        ...(userName === undefined ? {} : { userName }),
      }
      const { record, password } = await administration.people.add(organization, seed, actor)
      const service_key = administration.people.reveal(record)
      return asPerson(caller, (reader) =>
        done(
          { user: userResource(record, organization.id, reader), password, service_key },
          {},
          201,
        ),
      )
    }),
})

/** Shows one person of an organization. */
export const showUser = route({
  method: 'GET',
  path: USER,
  access: { people: ADMIN_ONLY },
  description: { summary: 'Show a person', isOurs: false, answer: 'UserAnswer' },
  answer: (call) => answering(async () => shown(call, await find(call))),
})

/** Shows what a person authenticates with. */
export const showUserAuthorization = route({
  method: 'GET',
  path: `${USER}/authorization`,
  access: { people: ADMIN_ONLY },
  description: {
    summary: "Show the value of a person's Authorization header",
    isOurs: false,
    answer: 'AuthorizationAnswer',
  },
  answer: (call) =>
    managing(call, async (person) => {
      const serviceKey = call.administration.people.reveal(person)
      const pair = `${person.userName}:${serviceKey}`
      await call.note(
        'administration',
        'authorization-shown',
        `was shown the service key of ${person.userName}`,
      )
      return done({ auth_header: Buffer.from(pair, 'utf8').toString('base64') })
    }),
})

/** Locks a person: signed out, and refused until unlocked. */
export const lockUser = userAct('lock', 'Lock a person', (people, member, actor) =>
  people.lock(member, actor),
)

/** Lets a locked person in again. */
export const unlockUser = userAct('unlock', 'Unlock a person', (people, member, actor) =>
  people.unlock(member, actor),
)

/** Enables or disables a person. */
export const enableUser = routeWithBody({
  method: 'PUT',
  path: `${USER}/enabled`,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Enable or disable a person',
    isOurs: false,
    request: 'UserEnabledRequest',
    answer: 'UserAnswer',
  },
  validator: UserEnabledRequest,
  answer: (call) =>
    managing(call, async (_person, member) => {
      const { administration, message, actor } = call
      return shown(call, await administration.people.setEnabled(member, message.enabled, actor))
    }),
})

/** Gives a person another role in the organization. */
export const changeUserRole = routeWithBody({
  method: 'PUT',
  path: `${USER}/role`,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Change the role of a person in the organization',
    isOurs: true,
    request: 'UserRoleRequest',
    answer: 'UserAnswer',
  },
  validator: UserRoleRequest,
  answer: (call) =>
    answering(async () => {
      const { administration, message, actor } = call
      return shown(call, await administration.people.setRole(memberOf(call), message.role, actor))
    }),
})

/** The part of a call that says whom it is about, and who asks. */
interface UserCall {
  readonly parameters: Readonly<Record<string, string>>
  readonly organization: OrganizationRecord
  readonly caller: Caller
  readonly administration: Administration
}

function userAct(
  name: 'lock' | 'unlock',
  summary: string,
  act: (people: Administration['people'], member: Member, actor: Actor) => Promise<PersonRecord>,
) {
  return route({
    method: 'PUT',
    path: `${USER}/${name}`,
    access: { people: ADMIN_ONLY },
    description: { summary, isOurs: false, answer: 'UserAnswer' },
    answer: (call: Call) =>
      managing(call, async (_person, member) =>
        shown(call, await act(call.administration.people, member, call.actor)),
      ),
  })
}

/**
 * Does what reaches beyond the organization: a person has one lock and one service key for all of
 * theirs, so an administrator of one alone has no say where the person belongs to others too.
 */
function managing(
  call: UserCall,
  work: (person: PersonRecord, member: Member) => Promise<Answer>,
): Promise<Answer> {
  return answering(async () => {
    const person = await find(call)
    const { record } = call.caller
    const isSuperadmin = record.kind === 'person' && record.systemRole === 'superadmin'
    const isOfOthers = person.systemRole !== undefined || person.roles.size > 1
    if (isOfOthers && !isSuperadmin) {
      return refusal('role-refused', { detail: 'person-of-others-too' })
    }
    return work(person, memberOf(call))
  })
}

function memberOf({ organization, parameters }: UserCall): Member {
  return { organizationId: organization.id, uid: parameters.uid ?? '' }
}

function find(call: UserCall): Promise<PersonRecord> {
  return call.administration.people.find(memberOf(call))
}

function shown({ caller, organization }: UserCall, person: PersonRecord): Answer {
  return asPerson(caller, (reader) => done({ user: userResource(person, organization.id, reader) }))
}

/** The types do not know that agents reach no route of people. */
function asPerson({ record }: Caller, answer: (reader: PersonRecord) => Answer): Answer {
  if (record.kind === 'person') return answer(record)
  return refusal('role-refused', { detail: 'agent-on-rest' })
}

/** Empty values mean absent, as public clients send them. */
function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
