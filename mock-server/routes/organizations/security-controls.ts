import { createHash } from 'node:crypto'
import type { Answer } from '../../core/exchange.ts'
import type { OrganizationRecord, SecurityControlRecord } from '../../store/records.ts'
import { done } from '../done.ts'
import type { SecurityControlMessage } from '../inventory/messages.ts'
import { SecurityControlRequest } from '../inventory/validators.generated.js'
import { createLinkMaker } from '../listing/links.ts'
import { notFound } from '../listing/not-found.ts'
import { createQueryReader, type QueryReader } from '../listing/query.ts'
import { type Call, RULES_ADMIN_AND_UP, route, routeWithBody } from '../route.ts'
import { changeIntegrations, integrationsOf } from './change-integrations.ts'

const CONTROLS = '/ng/:org/controls'
const CONTROL = `${CONTROLS}/:control`

const QUICK_FILTERS = ['ALL', 'JAVA', 'DOTNET', 'DOTNET_CORE', 'NODE', 'RUBY'] as const

const LIST_PARAMETERS = {
  q: 'Part of the name or the method',
  quickFilter: `One of ${QUICK_FILTERS.join(', ')}`,
  expand: 'skip_links leaves links out',
}

type Kind = SecurityControlRecord['kind']

/** Lists the methods that are trusted with input. */
const listAt = (path: string, kind: Kind | undefined) =>
  route({
    method: 'GET',
    path,
    access: { people: RULES_ADMIN_AND_UP },
    description: {
      summary: 'List the methods that are trusted with input',
      isOurs: false,
      answer: 'SecurityControlsResponse',
      query: LIST_PARAMETERS,
    },
    async answer(call) {
      const reader = createQueryReader(call.query)
      const found = controlsFound(call.organization, reader).filter(
        (each) => kind === undefined || each.kind === kind,
      )
      return reader.refusal() ?? done({ controls: found.map(shower(call)) })
    },
  })

/** Counts them by language. */
const countControls = route({
  method: 'GET',
  path: `${CONTROLS}/filters/quick`,
  access: { people: RULES_ADMIN_AND_UP },
  description: {
    summary: 'Count the methods that are trusted with input by language',
    isOurs: false,
    answer: 'QuickFilterResponse',
    query: LIST_PARAMETERS,
  },
  async answer({ organization, query }) {
    const reader = createQueryReader(query)
    const found = controlsFound(organization, reader)
    return (
      reader.refusal() ??
      done({
        filters: QUICK_FILTERS.map((filterType) => ({
          filterType,
          name: filterType,
          count: found.filter((each) => isOf(each, filterType)).length,
        })),
      })
    )
  },
})

/** Adds a method that is trusted. */
const addAt = (path: string, kind: Kind, field: string, answer: string) =>
  routeWithBody({
    method: 'POST',
    path,
    access: { people: RULES_ADMIN_AND_UP },
    description: {
      summary: `Trust a method with input, as ${kind === 'SANITIZER' ? 'it makes it harmless' : 'it looks at it'}`,
      isOurs: false,
      request: 'SecurityControlRequest',
      answer,
    },
    validator: SecurityControlRequest,
    answer: (call) =>
      changeIntegrations(
        call,
        ['security-control-added', `trusted ${call.message.name} with input`],
        ({ securityControls, nextId, ...rest }) => ({
          ...rest,
          securityControls: [...securityControls, controlOf(nextId, kind, true, call.message)],
          nextId: nextId + 1,
        }),
        ({ securityControls }) => {
          const added = securityControls.at(-1)
          if (added === undefined) return notFound('control')
          return done({ [field]: { ...shower(call)(added), [`${field}_id`]: added.id } })
        },
      ),
  })

const showControl = route({
  method: 'GET',
  path: CONTROL,
  access: { people: RULES_ADMIN_AND_UP },
  description: {
    summary: 'Show a method that is trusted with input',
    isOurs: false,
    answer: 'SecurityControlResponse',
    query: { expand: 'skip_links leaves links out' },
  },
  async answer(call) {
    const found = controlNamed(call)
    return found === undefined ? notFound('control') : done({ control: shower(call)(found) })
  },
})

const changeControl = routeWithBody({
  method: 'PUT',
  path: CONTROL,
  access: { people: RULES_ADMIN_AND_UP },
  description: {
    summary: 'Change a method that is trusted with input',
    isOurs: false,
    request: 'SecurityControlRequest',
    answer: 'BaseApiResponse',
  },
  validator: SecurityControlRequest,
  answer: (call) =>
    changing(call, 'security-control-changed', ({ id, kind, isEnabled }) =>
      controlOf(id, kind, isEnabled, call.message),
    ),
})

const toggleControl = route({
  method: 'PUT',
  path: `${CONTROL}/enabled`,
  access: { people: RULES_ADMIN_AND_UP },
  description: {
    summary: 'Trust a method no more, or again',
    isOurs: false,
    answer: 'BaseApiResponse',
  },
  answer: (call) =>
    changing(call, 'security-control-changed', (before) => ({
      ...before,
      isEnabled: !before.isEnabled,
    })),
})

const removeControl = route({
  method: 'DELETE',
  path: CONTROL,
  access: { people: RULES_ADMIN_AND_UP },
  description: {
    summary: 'Remove a method that was trusted with input',
    isOurs: false,
    answer: 'BaseApiResponse',
  },
  answer: (call) => changing(call, 'security-control-removed', () => undefined),
})

/** What engines would suggest: here none does. */
const listSuggestions = route({
  method: 'GET',
  path: `${CONTROLS}/suggestion`,
  access: { people: RULES_ADMIN_AND_UP },
  description: {
    summary: 'List what engines suggest to trust: nothing',
    isOurs: false,
    answer: 'SecurityControlSuggestionsResponse',
  },
  answer: async () => done({ suggestions: [] }),
})

/** Methods that are trusted with input. Engines here do not hear of them. */
export const SECURITY_CONTROL_ROUTES = [
  listAt(CONTROLS, undefined),
  listAt(`${CONTROLS}/sanitizers`, 'SANITIZER'),
  listAt(`${CONTROLS}/validators`, 'VALIDATOR'),
  countControls,
  addAt(`${CONTROLS}/sanitizers`, 'SANITIZER', 'sanitizer', 'SecuritySanitizerResponse'),
  addAt(`${CONTROLS}/validators`, 'VALIDATOR', 'validator', 'SecurityValidatorResponse'),
  showControl,
  changeControl,
  toggleControl,
  removeControl,
  listSuggestions,
]

interface ControlCall {
  readonly organization: OrganizationRecord
  readonly parameters: Readonly<Record<string, string>>
}

function controlNamed({ organization, parameters }: ControlCall) {
  const { securityControls } = integrationsOf(organization)
  return securityControls.find(({ id }) => String(id) === parameters.control)
}

/** Puts another in the place of the one that the path names, or nothing. */
async function changing(
  call: ControlCall & Pick<Call, 'store' | 'actor' | 'now'>,
  act: string,
  change: (before: SecurityControlRecord) => SecurityControlRecord | undefined,
): Promise<Answer> {
  const found = controlNamed(call)
  if (found === undefined) return notFound('control')
  return changeIntegrations(
    call,
    [act, `${act.endsWith('removed') ? 'removed' : 'changed'} the security control ${found.name}`],
    (before) => ({
      ...before,
      securityControls: before.securityControls.flatMap((each) =>
        each.id === found.id ? (change(each) ?? []) : each,
      ),
    }),
    () => done(),
  )
}

function controlsFound(organization: OrganizationRecord, reader: QueryReader) {
  const text = reader.text('q')?.toLowerCase() ?? ''
  const filter = reader.choice('quickFilter', QUICK_FILTERS) ?? 'ALL'
  return integrationsOf(organization).securityControls.filter(
    (each) => `${each.name} ${each.api}`.toLowerCase().includes(text) && isOf(each, filter),
  )
}

function isOf({ language }: SecurityControlRecord, filter: (typeof QUICK_FILTERS)[number]) {
  const word = language.toUpperCase().replace('.NET', 'DOTNET').replace(' ', '_')
  return filter === 'ALL' || word === filter
}

function controlOf(
  id: number,
  kind: Kind,
  isEnabled: boolean,
  message: SecurityControlMessage,
): SecurityControlRecord {
  const { name, api, language, pattern, rules, applications } = message
  const isForAll = message.all_applications ?? (applications ?? []).length === 0
  const isForAllRules = message.all_rules ?? (rules ?? []).length === 0
  return {
    id,
    kind,
    name,
    api,
    language,
    pattern: pattern ?? '',
    isEnabled,
    ...(isForAllRules ? {} : { rules: (rules ?? []).map(String) }),
    ...(isForAll ? {} : { applicationIds: (applications ?? []).map(String) }),
  }
}

/** The documented `SecurityControlResource`. */
function shower({
  organization,
  query,
  address,
}: Pick<Call, 'organization' | 'query' | 'address'>) {
  const links = createLinkMaker(address, createQueryReader(query).expand())
  return (control: SecurityControlRecord) => ({
    id: control.id,
    name: control.name,
    api: control.api,
    language: control.language,
    pattern: control.pattern,
    type: control.kind,
    enabled: control.isEnabled,
    hash: createHash('sha1').update(`${control.language} ${control.api}`).digest('hex'),
    all_rules: control.rules === undefined,
    rules: control.rules ?? [],
    all_applications: control.applicationIds === undefined,
    applications: control.applicationIds ?? [],
    ...links(['self', `/ng/${organization.id}/controls/${control.id}`]),
  })
}
