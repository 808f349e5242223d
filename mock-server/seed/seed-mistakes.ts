import { mistakenEntries } from '../addresses/address-ranges.ts'
import type { PersonSeed } from '../administration/person-seed.ts'
import { TeamServerError } from '../errors.ts'
import { checkRule } from '../faults/fault-rule.ts'
import { type KeyPolicy, missedRules } from '../keys/key-policy.ts'
import { missedPasswordRules, mistakesInPasswordPolicy } from '../passwords/password-policy.ts'
import { mistakesInScenario } from '../scenario/check-scenario.ts'
import { DEFAULT_SYSTEM_SETTINGS } from '../store/system-settings.ts'
import type { SeedFile } from './seed-file.ts'

/** A mistake, and the field that it stands in, part by part. */
export interface SeedMistake {
  readonly path: readonly string[]
  /** Goes on after the name of the field. Never a key, a password or a part of one. */
  readonly text: string
}

/** Finds what is wrong with a file that has the right shape: its keys obey its own policies. */
export function mistakesInSeed(seed: SeedFile): readonly SeedMistake[] {
  const keyPolicy = { ...DEFAULT_SYSTEM_SETTINGS.keyPolicy, ...seed.keyPolicy }
  const passwordPolicy = { ...DEFAULT_SYSTEM_SETTINGS.passwordPolicy, ...seed.passwordPolicy }
  const settings = [
    ...(['organizationApiKey', 'applicationKey'] as const).flatMap((section) =>
      isTooMuch(keyPolicy[section])
        ? mistake(['its minimums add up to more than its length'], 'keyPolicy', section)
        : [],
    ),
    ...mistake(mistakesInPasswordPolicy(passwordPolicy), 'passwordPolicy'),
    ...entryMistakes(seed.trustedProxies ?? [], 'trustedProxies'),
    ...mistake(
      Number.isInteger(Math.log2(seed.scryptCost ?? 1)) ? [] : ['must be a power of two'],
      'scryptCost',
    ),
    ...faultMistakes(seed.faults, 'faults'),
    ...mistakesInScenario(seed.scenario ?? []).map(({ path, text }) => ({
      path: ['scenario', ...path],
      text,
    })),
  ]
  // By rules that cannot hold, every key would be wrong.
  if (settings.length > 0) return settings

  const keyMistakes = (key: string | undefined, policy: KeyPolicy, ...path: Place) =>
    mistake(key === undefined ? [] : missedRules(key, policy), ...path)
  const personMistakes = ({ serviceKey, password }: PersonSeed, ...place: Place) => [
    ...keyMistakes(serviceKey, keyPolicy.applicationKey, ...place, 'serviceKey'),
    ...mistake(
      password === undefined ? [] : missedPasswordRules(password, passwordPolicy),
      ...place,
      'password',
    ),
  ]
  const { organizations = [], people = [] } = seed
  return [
    ...organizations.flatMap((organization, at) => {
      const place = ['organizations', at] as const
      const { apiKey, agentKeys = [], people: members = [], addressRanges } = organization
      return [
        ...keyMistakes(apiKey?.value, keyPolicy.organizationApiKey, ...place, 'apiKey', 'value'),
        ...agentKeys.flatMap(({ serviceKey }, index) =>
          keyMistakes(
            serviceKey,
            keyPolicy.applicationKey,
            ...place,
            'agentKeys',
            index,
            'serviceKey',
          ),
        ),
        ...members.flatMap((person, index) => personMistakes(person, ...place, 'people', index)),
        ...entryMistakes(addressRanges?.ranges ?? [], ...place, 'addressRanges', 'ranges'),
        ...faultMistakes(organization.faults, ...place, 'faults'),
      ]
    }),
    ...people.flatMap((person, index) => personMistakes(person, 'people', index)),
    ...sharedNames(seed),
  ]
}

/** Told before anything is added, so that no state file keeps half of a seed file. */
function sharedNames({ organizations = [], people = [] }: SeedFile): readonly SeedMistake[] {
  const ids = organizations.map(({ id }, at) => [id?.toLowerCase(), 'organizations', at, 'id'])
  const userNames = [
    ...organizations.flatMap((each, at) => [
      ...(each.agentKeys ?? []).map(({ userName }, index) => [
        userName,
        ...['organizations', at, 'agentKeys', index, 'userName'],
      ]),
      ...(each.people ?? []).map(({ userName }, index) => [
        userName,
        ...['organizations', at, 'people', index, 'userName'],
      ]),
    ]),
    ...people.map(({ userName }, index) => [userName, 'people', index, 'userName']),
  ]
  const agentKeyNames = organizations.map(({ agentKeys = [] }, at) =>
    agentKeys.map(({ name }, index) => [
      name,
      ...['organizations', at, 'agentKeys', index, 'name'],
    ]),
  )
  return [ids, userNames, ...agentKeyNames].flatMap((list) => {
    const seen = new Set<unknown>()
    return list.flatMap(([name, ...path]) => {
      const isShared = name !== undefined && seen.has(name)
      seen.add(name)
      return isShared ? [{ path: path.map(String), text: 'is taken by an entry before' }] : []
    })
  })
}

type Place = readonly (string | number)[]

/** One mistake for all rules that a field misses. */
function mistake(rules: readonly string[], ...path: Place): readonly SeedMistake[] {
  return rules.length === 0 ? [] : [{ path: path.map(String), text: rules.join(', ') }]
}

/** Names an entry by its place, since it may be anything. */
function entryMistakes(entries: readonly string[], ...path: Place): readonly SeedMistake[] {
  return mistakenEntries(entries).flatMap((index) =>
    mistake(['must be an IPv4 or IPv6 address, alone or with a prefix'], ...path, index),
  )
}

function faultMistakes(rules: readonly unknown[] = [], ...path: Place): readonly SeedMistake[] {
  return rules.flatMap((rule, index) => {
    try {
      checkRule(rule)
      return []
    } catch (error) {
      if (!(error instanceof TeamServerError)) throw error
      return mistake([`cannot be planted: ${error.message}`], ...path, index)
    }
  })
}

function isTooMuch({ keyLength, minNumbers, minUpperCase, minLowerCase }: KeyPolicy): boolean {
  return minNumbers + minUpperCase + minLowerCase > keyLength
}
