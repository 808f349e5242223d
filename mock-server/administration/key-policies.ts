import { TeamServerError } from '../errors.ts'
import { type KeyPolicy, mistakesInKeyPolicy } from '../keys/key-policy.ts'
import { STRONG_KEY_BITS, worstCaseBits } from '../keys/key-strength.ts'
import type { KeyPolicies as KeyPolicySettings } from '../store/records.ts'
import { type Actor, act, IN_PROCESS } from './act.ts'
import type { AdministrationParts } from './parts.ts'

/** What was put in force, with a sentence for each section whose keys could be guessed too easily. */
export interface SavedKeyPolicies {
  readonly policies: KeyPolicySettings
  readonly warnings: readonly string[]
}

/** The Key Management form. */
export interface KeyPolicies {
  read(): Promise<KeyPolicySettings>
  /**
   * Puts both sections in force, for the keys to come; those of before keep working.
   *
   * @param policies Anything: checked whole.
   * @throws `ERR_OPTION_INVALID`, naming every field that cannot hold; then nothing has changed.
   */
  save(policies: unknown, actor?: Actor): Promise<SavedKeyPolicies>
}

const SECTIONS = ['organizationApiKey', 'applicationKey'] as const

export function createKeyPolicies({
  store,
  now,
  onSettingsChange,
}: AdministrationParts): KeyPolicies {
  return {
    read: async () => (await store.systemSettings()).keyPolicy,
    async save(given, actor = IN_PROCESS) {
      const policies = checked(given)
      const warnings = SECTIONS.flatMap((section) => warningsOf(section, policies[section]))
      const sentence = [
        `set the key policy: ${SECTIONS.map((each) => inWords(each, policies[each])).join(', ')}`,
        `invalid addresses are ${policies.maskInvalidIpsOnLogin ? '' : 'not '}masked on login`,
        ...warnings,
      ].join('; ')
      await store.changeSystemSettings(
        (before) => ({ ...before, keyPolicy: policies }),
        act('key-policy-changed', sentence, actor, now()),
      )
      onSettingsChange()
      return { policies, warnings }
    },
  }
}

function checked(given: unknown): KeyPolicySettings {
  const fields: Readonly<Record<string, unknown>> =
    typeof given === 'object' && given !== null ? { ...given } : {}
  const { maskInvalidIpsOnLogin } = fields
  const mistakes = SECTIONS.flatMap((section) => {
    const found = mistakesInKeyPolicy(fields[section])
    return found.length === 0 ? [] : [`${section}: ${found.join(', ')}`]
  })
  if (typeof maskInvalidIpsOnLogin !== 'boolean') {
    mistakes.push('maskInvalidIpsOnLogin must be true or false')
  }
  if (mistakes.length > 0 || typeof maskInvalidIpsOnLogin !== 'boolean') {
    throw new TeamServerError('ERR_OPTION_INVALID', mistakes.join('; '))
  }
  return {
    organizationApiKey: plain(fields.organizationApiKey as KeyPolicy),
    applicationKey: plain(fields.applicationKey as KeyPolicy),
    maskInvalidIpsOnLogin,
  }
}

/** The four fields and no others. */
function plain({ keyLength, minNumbers, minUpperCase, minLowerCase }: KeyPolicy): KeyPolicy {
  return { keyLength, minNumbers, minUpperCase, minLowerCase }
}

function warningsOf(section: string, policy: KeyPolicy): readonly string[] {
  const bits = worstCaseBits(policy)
  if (bits >= STRONG_KEY_BITS) return []
  return [
    `${section}: a key may have as few as ${bits.toFixed(1)} bits; ${STRONG_KEY_BITS} are advised`,
  ]
}

function inWords(section: string, policy: KeyPolicy): string {
  return `${section} ${Object.values(plain(policy)).join('/')}`
}
