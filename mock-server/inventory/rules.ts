import { RULES, type Rule } from './rule-list.ts'
import type { Severity } from './severity.ts'

export type { Rule }

const BY_NAME: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.name, rule]))

const KNOWN = new Map<string, Rule>()

/** Rules that nobody has described and that are remembered all the same. */
const KNOWN_LIMIT = 1_000

/** What is known of a rule. One that nobody has described is named after its name. */
export function ruleOf(name: string): Rule {
  const known = BY_NAME.get(name) ?? KNOWN.get(name)
  if (known !== undefined) return known
  const made = undescribed(name)
  if (KNOWN.size < KNOWN_LIMIT) KNOWN.set(name, made)
  return made
}

/** Every rule that is described, by name. */
export function describedRules(): readonly Rule[] {
  return RULES
}

export function isDescribed(name: string): boolean {
  return BY_NAME.has(name)
}

/** What a finding weighs that says nothing of it. */
export function defaultSeverity(rule: string): Severity {
  return BY_NAME.get(rule)?.severity ?? 'medium'
}

function undescribed(name: string): Rule {
  const words = name.replace(/[-_]+/g, ' ').trim()
  return {
    name,
    title: words.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()) || name,
    category: 'Other',
    severity: 'medium',
    cwe: 0,
    owasp: '',
    risk: 'The rule is not one of those that are described here.',
    remedy: 'See the evidence and the HTTP request for where it was seen.',
  }
}
