import type { KeyPolicy } from '../../../keys/key-policy.ts'

export interface KeyPolicies {
  readonly organizationApiKey: KeyPolicy
  readonly applicationKey: KeyPolicy
  readonly maskInvalidIpsOnLogin: boolean
}

/** A section as it stands in the form: as typed, which may be no number. */
export type SectionDraft = Readonly<Record<keyof KeyPolicy, string>>

export interface PolicyDraft {
  readonly organizationApiKey: SectionDraft
  readonly applicationKey: SectionDraft
  readonly maskInvalidIpsOnLogin: boolean
}

export const RULE_NAMES = ['keyLength', 'minNumbers', 'minUpperCase', 'minLowerCase'] as const

export function draftOf(saved: KeyPolicies): PolicyDraft {
  return {
    organizationApiKey: sectionDraftOf(saved.organizationApiKey),
    applicationKey: sectionDraftOf(saved.applicationKey),
    maskInvalidIpsOnLogin: saved.maskInvalidIpsOnLogin,
  }
}

/** What was typed, as numbers; what is none is NaN, and misses the rules. */
export function policiesIn(draft: PolicyDraft): KeyPolicies {
  return {
    organizationApiKey: policyIn(draft.organizationApiKey),
    applicationKey: policyIn(draft.applicationKey),
    maskInvalidIpsOnLogin: draft.maskInvalidIpsOnLogin,
  }
}

export function policyIn(section: SectionDraft): KeyPolicy {
  const number = (text: string) => (text.trim() === '' ? Number.NaN : Number(text))
  return {
    keyLength: number(section.keyLength),
    minNumbers: number(section.minNumbers),
    minUpperCase: number(section.minUpperCase),
    minLowerCase: number(section.minLowerCase),
  }
}

export function isSameDraft(one: PolicyDraft, other: PolicyDraft): boolean {
  return (
    one.maskInvalidIpsOnLogin === other.maskInvalidIpsOnLogin &&
    RULE_NAMES.every(
      (name) =>
        one.organizationApiKey[name] === other.organizationApiKey[name] &&
        one.applicationKey[name] === other.applicationKey[name],
    )
  )
}

function sectionDraftOf(policy: KeyPolicy): SectionDraft {
  return {
    keyLength: String(policy.keyLength),
    minNumbers: String(policy.minNumbers),
    minUpperCase: String(policy.minUpperCase),
    minLowerCase: String(policy.minLowerCase),
  }
}
