import { act } from '../../administration/act.ts'
import type { Answer } from '../../core/exchange.ts'
import {
  isRuleEnabled,
  RULE_ENVIRONMENTS,
  type RuleEnvironment,
  type RuleSetting,
  withRuleSettings,
} from '../../inventory/rule-setting.ts'
import { describedRules, isDescribed, type Rule } from '../../inventory/rules.ts'
import { LEVELS, severityRank } from '../../inventory/severity.ts'
import { done } from '../done.ts'
import { findApplication } from '../listing/find-application.ts'
import { notFound } from '../listing/not-found.ts'
import { createQueryReader } from '../listing/query.ts'
import {
  ALL_ROLES,
  type Call,
  type GuardedRoute,
  RULES_ADMIN_AND_UP,
  route,
  routeWithBody,
} from '../route.ts'
import { cweUrl, owaspUrl } from '../vulnerabilities/about.ts'
import { label } from '../vulnerabilities/words.ts'
import {
  ApplicationAssessRuleEnvConfigBulkRequest,
  ApplicationAssessRuleEnvConfigRequest,
  RuleConfigurationRequest,
  RuleStatusRequest,
} from './validators.generated.js'

const EVERYONE = { people: ALL_ROLES }
const RULES_ADMIN = { people: RULES_ADMIN_AND_UP }

const listRules = route({
  method: 'GET',
  path: '/ng/:org/rules',
  access: EVERYONE,
  description: { summary: 'List the rules', isOurs: false, answer: 'RulesResponse' },
  async answer({ organization }: Call) {
    const rules = describedRules().map((rule) =>
      ruleResource(rule, organization.ruleSettings ?? []),
    )
    return done({ rules, count: rules.length })
  },
})

const switchRule = routeWithBody({
  method: 'POST',
  path: '/ng/:org/rules/:rule',
  access: RULES_ADMIN,
  isBodyOptional: true,
  description: {
    summary: 'Switch a rule on or off in an environment, or in all',
    isOurs: false,
    request: 'RuleStatusRequest',
    answer: 'BaseApiResponse',
  },
  validator: RuleStatusRequest,
  answer: (call) => {
    const { enabled: isEnabled, environment } = call.message
    // A body that says nothing changes nothing: public clients send such.
    if (isEnabled === undefined) return change(call, [call.parameters.rule ?? ''], [])
    const environments = environment === undefined ? RULE_ENVIRONMENTS : [environment]
    return change(
      call,
      [call.parameters.rule ?? ''],
      environments.map((each) => ({ environment: each, isEnabled })),
    )
  },
})

const configureRule = routeWithBody({
  method: 'PUT',
  path: '/ng/organizations/:org/assess/rules/:rule/configuration',
  // Its page names no role; every other change of a rule is for these.
  access: RULES_ADMIN,
  isBodyOptional: true,
  description: {
    summary: 'Switch a rule on or off in each environment',
    isOurs: false,
    request: 'RuleConfigurationRequest',
    answer: 'BaseApiFormResponse',
  },
  validator: RuleConfigurationRequest,
  answer: (call) => {
    const { developmentEnabled, qaEnabled, productionEnabled } = call.message
    return change(
      call,
      [call.parameters.rule ?? ''],
      switches(developmentEnabled, qaEnabled, productionEnabled),
    )
  },
})

const CONFIGS = '/ng/:org/assess/rules/configs/app/:app'

const listOfApplication = route({
  method: 'GET',
  path: CONFIGS,
  access: EVERYONE,
  description: {
    summary: 'List the rules as they are switched for an application',
    isOurs: false,
    answer: 'ApplicationAssessRuleEnvConfigsResponse',
    query: { filterText: 'Part of the title', sort: 'title or severity, with - for descending' },
  },
  async answer(call: Call) {
    const query = createQueryReader(call.query)
    const text = query.text('filterText')?.toLowerCase() ?? ''
    const sort = query.sort(['title', 'severity'])
    const refused = query.refusal()
    if (refused !== undefined) return refused
    const application = await findApplication(call)
    if (application === undefined) return notFound('application')
    const settings = call.organization.ruleSettings ?? []
    const isOn = (rule: string, environment: RuleEnvironment) =>
      isRuleEnabled(settings, rule, environment, application.name)
    const sign = sort?.isDescending === true ? -1 : 1
    const rules = describedRules()
      .filter(({ title }) => title.toLowerCase().includes(text))
      .sort((one, other) =>
        sort?.field === 'severity'
          ? sign * (severityRank(one.severity) - severityRank(other.severity))
          : sign * (one.title < other.title ? -1 : 1),
      )
    return done({
      configs: rules.map(({ name, title, severity, risk }) => ({
        rule_name: name,
        rule_title: title,
        rule_description: risk,
        rule_severity: severity.toUpperCase(),
        ruleSeverityLabel: label(severity),
        dev_enabled: isOn(name, 'DEVELOPMENT'),
        qa_enabled: isOn(name, 'QA'),
        prod_enabled: isOn(name, 'PRODUCTION'),
      })),
    })
  },
})

const configureOfApplication = routeWithBody({
  method: 'PUT',
  path: `${CONFIGS}/config`,
  access: RULES_ADMIN,
  description: {
    summary: 'Switch a rule on or off for an application in an environment',
    isOurs: false,
    request: 'ApplicationAssessRuleEnvConfigRequest',
    answer: 'BaseApiResponse',
  },
  validator: ApplicationAssessRuleEnvConfigRequest,
  async answer(call) {
    const application = await findApplication(call)
    if (application === undefined) return notFound('application')
    const { rule_name, enabled: isEnabled, environment } = call.message
    return change(call, [rule_name], [{ environment, isEnabled, application: application.name }])
  },
})

const configureSeveral = routeWithBody({
  method: 'PUT',
  path: `${CONFIGS}/bulk`,
  access: RULES_ADMIN,
  description: {
    summary: 'Switch rules on or off for an application in each environment',
    isOurs: false,
    request: 'ApplicationAssessRuleEnvConfigBulkRequest',
    answer: 'BaseApiResponse',
  },
  validator: ApplicationAssessRuleEnvConfigBulkRequest,
  async answer(call) {
    const application = await findApplication(call)
    if (application === undefined) return notFound('application')
    const { rule_names, dev_enabled, qa_enabled, prod_enabled } = call.message
    const { name } = application
    return change(
      call,
      rule_names,
      switches(dev_enabled, qa_enabled, prod_enabled).map((each) => ({
        ...each,
        application: name,
      })),
    )
  },
})

export const RULE_ROUTES: readonly GuardedRoute[] = [
  listRules,
  switchRule,
  configureRule,
  listOfApplication,
  configureOfApplication,
  configureSeveral,
]

function switches(
  development: boolean | undefined,
  qa: boolean | undefined,
  production: boolean | undefined,
): readonly Omit<RuleSetting, 'rule'>[] {
  const given = [development, qa, production]
  return RULE_ENVIRONMENTS.flatMap((environment, at) => {
    const isEnabled = given[at]
    return isEnabled === undefined ? [] : [{ environment, isEnabled }]
  })
}

/** Says some rules anew, in each of the ways: all of them, or none when one is not known. */
async function change(
  { store, organization, actor, now }: Omit<Call<unknown>, 'message'>,
  names: readonly string[],
  said: readonly Omit<RuleSetting, 'rule'>[],
): Promise<Answer> {
  if (!names.every(isDescribed)) return notFound('rule')
  const settings = names.flatMap((rule) => said.map((each) => ({ ...each, rule })))
  if (settings.length > 0) {
    await store.changeOrganization(
      organization.id,
      (before) => ({
        ...before,
        ruleSettings: withRuleSettings(before.ruleSettings ?? [], settings),
      }),
      act('rules-switched', `switched the rules ${names.join(', ')}`, actor, now),
    )
  }
  return done({ messages: ['The rules were changed.'] })
}

/** The documented `RuleResource`. */
function ruleResource(rule: Rule, settings: readonly RuleSetting[]) {
  const { impact, likelihood, confidence } = LEVELS[rule.severity]
  const isOn = (environment: RuleEnvironment) => isRuleEnabled(settings, rule.name, environment)
  return {
    name: rule.name,
    title: rule.title,
    description: rule.risk,
    category: rule.category,
    severity: rule.severity.toUpperCase(),
    severityLabel: label(rule.severity),
    impact: label(impact),
    likelihood: label(likelihood),
    confidence: label(confidence),
    customized_impact: false,
    customized_likelihood: false,
    customized_confidence: false,
    cwe: cweUrl(rule),
    owasp: owaspUrl(rule),
    references: [cweUrl(rule), owaspUrl(rule)].filter((url) => url !== ''),
    languages: [],
    enabled: RULE_ENVIRONMENTS.some(isOn),
    enabled_dev: isOn('DEVELOPMENT'),
    enabled_qa: isOn('QA'),
    enabled_prod: isOn('PRODUCTION'),
    free: false,
    freemium_enabled: false,
  }
}
