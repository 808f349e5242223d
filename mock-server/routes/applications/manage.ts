import { refusal } from '../../core/answer.ts'
import type { Answer } from '../../core/exchange.ts'
import type { ApplicationRecord, Importance } from '../../store/records.ts'
import { done } from '../done.ts'
import { findApplication } from '../listing/find-application.ts'
import { notFound } from '../listing/not-found.ts'
import {
  ADMIN_ONLY,
  type Call,
  EDIT_AND_UP,
  type GuardedRoute,
  route,
  routeWithBody,
} from '../route.ts'
import {
  AppDisplayNameRequest,
  ApplicationImportanceRequest,
  ApplicationLicenseRequest,
} from './validators.generated.js'

const APPLICATION = '/ng/:org/applications/:app'

type ManageCall = Omit<Call<unknown>, 'message'>

/** Changes the application that the path names, and writes into the audit log what was done. */
async function change(
  call: ManageCall,
  name: string,
  sentence: (application: ApplicationRecord) => string,
  after: (before: ApplicationRecord) => ApplicationRecord,
): Promise<Answer> {
  const application = await findApplication(call)
  if (application === undefined) return notFound('application')
  await call.note('administration', name, sentence(application))
  await call.store.changeApplication(call.organization.id, application.name, (before) =>
    after(before ?? application),
  )
  return done({ messages: ['The application was changed.'] })
}

const setImportance = routeWithBody({
  method: 'PUT',
  path: `${APPLICATION}/importance`,
  access: { people: EDIT_AND_UP },
  description: {
    summary: 'Set how much hangs on an application',
    isOurs: false,
    request: 'ApplicationImportanceRequest',
    answer: 'BaseApiResponse',
  },
  validator: ApplicationImportanceRequest,
  answer: (call) => {
    // The shape lets 0 to 4 through.
    const importance = call.message.importance as Importance
    return change(
      call,
      'application-importance',
      ({ name }) => `set the importance of the application ${name} to ${importance}`,
      (before) => ({ ...before, importance }),
    )
  },
})

const setDisplayName = routeWithBody({
  method: 'PUT',
  path: `${APPLICATION}/name/display`,
  access: { people: EDIT_AND_UP },
  description: {
    summary: 'Set the name that people see; engines keep theirs',
    isOurs: false,
    request: 'AppDisplayNameRequest',
    answer: 'BaseApiResponse',
  },
  validator: AppDisplayNameRequest,
  answer: async (call) => {
    const { name: displayName } = call.message
    if (await isTaken(call, displayName)) return TAKEN
    return change(
      call,
      'application-name',
      ({ name }) => `named the application ${name} ${displayName}`,
      (before) => ({ ...before, displayName }),
    )
  },
})

const checkDisplayName = routeWithBody({
  method: 'POST',
  path: `${APPLICATION}/name/unique`,
  access: { people: EDIT_AND_UP },
  description: {
    summary: 'Say whether a name is free for an application',
    isOurs: false,
    request: 'AppDisplayNameRequest',
    answer: 'BaseApiResponse',
  },
  validator: AppDisplayNameRequest,
  async answer(call) {
    if ((await findApplication(call)) === undefined) return notFound('application')
    return (await isTaken(call, call.message.name)) ? TAKEN : done()
  },
})

const TAKEN = refusal('body-malformed', { where: 'another application has this name' })

async function isTaken(
  { store, organization, parameters }: ManageCall,
  wanted: string,
): Promise<boolean> {
  const id = (parameters.app ?? '').toLowerCase()
  return (await store.applications(organization.id)).some(
    (each) => each.id !== id && [each.name, each.displayName].includes(wanted),
  )
}

function archiveAt(word: 'archive' | 'restore'): GuardedRoute {
  const isArchived = word === 'archive'
  return route({
    method: 'PUT',
    path: `${APPLICATION}/${word}`,
    access: { people: EDIT_AND_UP },
    description: {
      summary: isArchived
        ? 'Archive an application: its engines are told to pause'
        : 'Take an application back from the archive',
      isOurs: true,
      answer: 'BaseApiResponse',
    },
    answer: (call: Call) =>
      change(
        call,
        `application-${word}`,
        ({ name }) => `${isArchived ? 'archived' : 'restored'} the application ${name}`,
        (before) => ({ ...before, isArchived }),
      ),
  })
}

const reset = route({
  method: 'PUT',
  path: `${APPLICATION}/reset`,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Forget what reports of an application came to; the application stays',
    isOurs: true,
    answer: 'BaseApiResponse',
  },
  async answer(call: Call) {
    const answer = await change(
      call,
      'application-reset',
      ({ name }) => `reset the application ${name}`,
      (before) => ({ ...before, resetAt: call.now }),
    )
    const application = await findApplication(call)
    if (application !== undefined) {
      await call.store.clearApplication(call.organization.id, application.name)
    }
    return answer
  },
})

const setLicense = routeWithBody({
  method: 'PUT',
  path: `${APPLICATION}/license`,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Give an application a license, or take it',
    isOurs: true,
    request: 'ApplicationLicenseRequest',
    answer: 'BaseApiResponse',
  },
  validator: ApplicationLicenseRequest,
  answer: (call) => {
    const isLicensed = call.message.level.toLowerCase() === 'licensed'
    return change(
      call,
      'application-license',
      ({ name }) => `${isLicensed ? 'licensed' : 'unlicensed'} the application ${name}`,
      (before) => ({ ...before, isLicensed }),
    )
  },
})

export const MANAGE_ROUTES: readonly GuardedRoute[] = [
  setImportance,
  setDisplayName,
  checkDisplayName,
  archiveAt('archive'),
  archiveAt('restore'),
  reset,
  setLicense,
]
