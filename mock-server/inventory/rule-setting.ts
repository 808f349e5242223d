/** A rule that somebody switched off or on. */
export interface RuleSetting {
  readonly rule: string
  /** The name of an application; undefined for all. */
  readonly application?: string
  readonly environment: RuleEnvironment
  readonly isEnabled: boolean
}

export const RULE_ENVIRONMENTS = ['DEVELOPMENT', 'QA', 'PRODUCTION'] as const
export type RuleEnvironment = (typeof RULE_ENVIRONMENTS)[number]

/** Whether a rule is on: what was said of the application wins over what was said of all. */
export function isRuleEnabled(
  settings: readonly RuleSetting[],
  rule: string,
  environment: RuleEnvironment,
  application?: string,
): boolean {
  const of = (name: string | undefined) =>
    settings.find(
      (each) => each.rule === rule && each.environment === environment && each.application === name,
    )
  const own = application === undefined ? undefined : of(application)
  return (own ?? of(undefined))?.isEnabled ?? true
}

/** The settings with some of them said anew. */
export function withRuleSettings(
  before: readonly RuleSetting[],
  changed: readonly RuleSetting[],
): readonly RuleSetting[] {
  const isSame = (one: RuleSetting, other: RuleSetting) =>
    one.rule === other.rule &&
    one.environment === other.environment &&
    one.application === other.application
  return [...before.filter((each) => !changed.some((other) => isSame(each, other))), ...changed]
}
