import type { Answer } from '../../../core/exchange.ts'
import type { ComponentRecord } from '../../../inventory/activity.ts'
import type { ApplicationRecord } from '../../../store/records.ts'
import { done } from '../../done.ts'
import { findApplication } from '../../listing/find-application.ts'
import { notFound } from '../../listing/not-found.ts'
import { createQueryReader } from '../../listing/query.ts'
import { ALL_ROLES, type Call, route } from '../../route.ts'

const APPLICATION = '/ng/:org/applications/:app'

/** Kinds of components that stand beside an application rather than in it. */
const BESIDE = /^(database|cache|queue|service|ldap|directory|broker|storage)$/i

/** Lists what an application is built with. */
export const listTechnologies = route({
  method: 'GET',
  path: `${APPLICATION}/techs`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'List what an application is built with',
    isOurs: false,
    answer: 'ApplicationTechnologiesResponse',
  },
  answer: (call) => aboutComponents(call, (components) => done({ techs: namesOf(components) })),
})

/** Lists what the applications of an organization are built with. */
export const listAllTechnologies = route({
  method: 'GET',
  path: '/ng/:org/techs',
  access: { people: ALL_ROLES },
  description: {
    summary: 'List what the applications of the organization are built with',
    isOurs: false,
    answer: 'ApplicationTechsResponse',
    query: { languages: 'Languages of applications, in any case' },
  },
  async answer({ organization, store, query }) {
    const languages = createQueryReader(query)
      .list('languages')
      .map((each) => each.toLowerCase())
    const applications = await store.applications(organization.id)
    const names = new Set(
      applications
        .filter(
          ({ language }) => languages.length === 0 || languages.includes(language.toLowerCase()),
        )
        .map(({ name }) => name),
    )
    const components = await store.components(organization.id)
    const found = components.filter(({ application }) => names.has(application))
    return done({ techs: namesOf(found).map((tech) => ({ tech })) })
  },
})

/** Lists what stands beside an application: its database, its queues, … */
export const listComponents = route({
  method: 'GET',
  path: `${APPLICATION}/components`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'List what stands beside an application: databases, queues, services',
    isOurs: false,
    answer: 'ApplicationComponentsResponse',
  },
  answer: (call) =>
    aboutComponents(call, (all) => {
      const components = all
        .filter(({ kind }) => kind !== undefined && BESIDE.test(kind))
        .map(({ name, kind = '' }) => ({
          type: kind,
          vendor: name,
          remoteHost: '',
          remotePort: '',
          url: '',
        }))
      return done({ components, count: components.length })
    }),
})

/** Lists applications that are made of several: here none is. */
export const listModules = route({
  method: 'GET',
  path: '/ng/:org/modules',
  access: { people: ALL_ROLES },
  description: {
    summary: 'List the applications that are made of several: none is',
    isOurs: false,
    answer: 'ModulesResponse',
  },
  answer: async () => done({ applications: [] }),
})

/** Lists the modules of an application: it has none. */
export const listModulesOfApplication = route({
  method: 'GET',
  path: '/ng/:org/modules/:app',
  access: { people: ALL_ROLES },
  description: {
    summary: 'List the modules of an application: it has none beside itself',
    isOurs: false,
    answer: 'ApplicationsResponse',
  },
  answer: (call) => aboutApplication(call, () => done({ applications: [] })),
})

async function aboutApplication(
  call: Call,
  answer: (application: ApplicationRecord) => Answer | Promise<Answer>,
): Promise<Answer> {
  const application = await findApplication(call)
  return application === undefined ? notFound('application') : answer(application)
}

function aboutComponents(
  call: Call,
  answer: (components: readonly ComponentRecord[]) => Answer,
): Promise<Answer> {
  return aboutApplication(call, async ({ name }) => {
    const all = await call.store.components(call.organization.id)
    return answer(all.filter(({ application }) => application === name))
  })
}

function namesOf(components: readonly ComponentRecord[]): readonly string[] {
  return [...new Set(components.map(({ name }) => name))].sort()
}
