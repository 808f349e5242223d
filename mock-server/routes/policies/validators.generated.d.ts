// One line for each *Request in policies.schema.json: its validator, typed by what it lets through.
import type { Validator } from '../../messages/validators.generated.js'
import type {
  JobOutcomePolicyMessage,
  RuleConfigurationMessage,
  RuleOfApplicationMessage,
  RuleStatusMessage,
  RulesOfApplicationMessage,
  SecurityCheckMessage,
} from './messages.ts'

export declare const RuleStatusRequest: Validator<RuleStatusMessage>
export declare const RuleConfigurationRequest: Validator<RuleConfigurationMessage>
export declare const ApplicationAssessRuleEnvConfigRequest: Validator<RuleOfApplicationMessage>
export declare const ApplicationAssessRuleEnvConfigBulkRequest: Validator<RulesOfApplicationMessage>
export declare const SecurityCheckRequest: Validator<SecurityCheckMessage>
export declare const JobOutcomePolicyRequest: Validator<JobOutcomePolicyMessage>
