import { EngineError } from '../errors.ts'
import { sourceOfCredentialSet } from './credential-set.ts'
import { readRaw } from './kinds.ts'
import type { Lookup } from './lookup.ts'
import { PREFITTED, type PrefittedRead } from './prefitted.ts'
import { SETTINGS, type SettingName, variableOf } from './settings.ts'
import type { Given, Notice, Source } from './source.ts'
import { readToken } from './token.ts'
import { hostOf } from './url.ts'

/** A source that stands below others, and what to say about how they fit together. */
export interface LowerSource {
  readonly source: Source
  readonly notices: readonly Notice[]
}

const NOTHING: LowerSource = { source: new Map(), notices: [] }

/**
 * What the agent token says. Single values stand above it, wherever they come from.
 *
 * @throws {EngineError} `ERR_TOKEN_INVALID`
 */
export function tokenSource(above: Lookup): LowerSource {
  const token = above.read('token')
  const given = above.find('token')
  if (token === undefined || given === undefined) return NOTHING
  const { where } = given.origin
  const set = readToken(token)
  if (set.status === 'refused') {
    throw new EngineError('ERR_TOKEN_INVALID', `the token from ${where} ${set.why}`)
  }
  const origin = { source: 'token', where: `token from ${where}` } as const
  const source = sourceOfCredentialSet(set.value, origin)
  return { source, notices: noticesOfToken(above, source, where) }
}

/**
 * What this engine came with. The credentials are one set: once a part of them comes from elsewhere,
 * the API key stays here, since it must never leave for a host that it was not made for.
 *
 * @throws {EngineError} `ERR_PREFITTED_INVALID`, if what is damaged is needed.
 */
export function prefittedSource(
  above: Lookup,
  prefitted: PrefittedRead,
  required: readonly RequiredName[],
): LowerSource {
  if (prefitted.status === 'none') return NOTHING
  const elsewhere = REQUIRED.find((name) => above.find(name) !== undefined)
  if (prefitted.status === 'broken') {
    if (missingFrom(above, required).length > 0) throw prefitted.problem
    return { ...NOTHING, notices: [{ level: 'warn', text: prefitted.problem.message }] }
  }
  const { api_key, ...set } = prefitted.values
  const origin = { source: 'prefitted', where: PREFITTED } as const
  if (elsewhere === undefined) {
    return { ...NOTHING, source: sourceOfCredentialSet(prefitted.values, origin) }
  }
  const isKeyMissed = api_key !== undefined && above.find('organizationApiKey') === undefined
  const text =
    `the organization API key of ${PREFITTED} is not used, because ${elsewhere} comes from ` +
    `${above.find(elsewhere)?.origin.where}; if TeamServer wants one, set organizationApiKey`
  return {
    source: sourceOfCredentialSet(set, origin),
    notices: isKeyMissed ? [{ level: 'warn', text }] : [],
  }
}

/** @throws {EngineError} `ERR_CREDENTIALS_MISSING`, naming what is missing and the ways to give it. */
export function requireCredentials(lookup: Lookup, required: readonly RequiredName[]): void {
  const missing = missingFrom(lookup, required)
  if (missing.length === 0) return
  const places = missing.map((name) => SETTINGS[name].yaml ?? name)
  const text =
    `${list(missing)} ${missing.length === 1 ? 'is' : 'are'} missing. ` +
    `Give ${missing.length === 1 ? 'it' : 'them'} in one of three ways: ` +
    `to createEngine({ ${missing.join(', ')} }) or as option token; ` +
    `in the environment as ${list(places.map(variableOf))}, or ${variableOf('api.token')}; ` +
    `in contrast_security.yaml as ${list(places)}, or api.token`
  throw new EngineError('ERR_CREDENTIALS_MISSING', text)
}

/** Without these there is no engine. A program that gives credentials by a function gives the last two. */
export const REQUIRED = ['url', 'agentUserName', 'serviceKey'] as const satisfies SettingName[]

type RequiredName = (typeof REQUIRED)[number]

function missingFrom(lookup: Lookup, required: readonly RequiredName[]): RequiredName[] {
  return required.filter((name) => lookup.find(name) === undefined)
}

function noticesOfToken(above: Lookup, source: Source, where: string): Notice[] {
  const both = [...source.keys()].flatMap((name) => {
    const single = above.find(name)
    return single === undefined ? [] : [`${name} (${single.origin.where})`]
  })
  if (both.length === 0) return []
  const text = `single values win over the token from ${where}: ${both.join(', ')}`
  const notices: Notice[] = [{ level: 'info', text }]
  const [single, inToken] = [hostIn(above.find('url')), hostIn(source.get('url'))]
  if (single !== undefined && inToken !== undefined && single !== inToken) {
    const hosts = `the token from ${where} is for ${inToken}, but its keys go to ${single}`
    notices.push({ level: 'warn', text: `${hosts}, as ${above.find('url')?.origin.where} says` })
  }
  return notices
}

/** @returns `undefined` if there is no URL, or one that cannot be read: the lookup will say so. */
function hostIn(given: Given | undefined): string | undefined {
  if (given === undefined) return undefined
  const reading = readRaw(SETTINGS.url.kind, given.raw)
  return reading.status === 'read' ? hostOf(reading.value) : undefined
}

function list(words: readonly string[]): string {
  return words.join(', ').replace(/, (?=[^,]*$)/, ' and ')
}
