import { listOfNames } from './names.ts'
import {
  isForOtherAgents,
  SETTING_AT_YAML,
  SETTINGS,
  type SettingName,
  VARIABLE_PREFIX,
  variableOf,
} from './settings.ts'
import type { Given, Notice, Source } from './source.ts'
import { PATH_VARIABLE } from './yaml-places.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Reads the `CONTRAST__…` variables. An empty one counts as not set. */
export function readEnvironment(env: Environment): { source: Source; notices: Notice[] } {
  const source = new Map<SettingName, Given>()
  const known: string[] = []
  for (const [yaml, name] of SETTING_AT_YAML) {
    for (const variable of variablesOf(yaml, name)) {
      known.push(variable)
      const text = Object.hasOwn(env, variable) ? env[variable] : undefined
      if (text === undefined || isEmpty(text, name) || source.has(name)) continue
      const origin = { source: 'environment', where: `environment ${variable}` } as const
      source.set(name, { raw: { form: 'text', text }, origin })
    }
  }
  return { source, notices: [...noticesOfUnknown(env, known), ...noticesOfOlder(env)] }
}

/** The first one counts. */
function variablesOf(yaml: string, name: SettingName): readonly string[] {
  const { misprintedVariable } = SETTINGS[name]
  return [variableOf(yaml), ...(misprintedVariable === undefined ? [] : [misprintedVariable])]
}

/** White space alone is a value only where white space is a mistake to be told of. */
function isEmpty(text: string, name: SettingName): boolean {
  return text === '' || (!SETTINGS[name].kind.isExact && text.trim() === '')
}

function noticesOfUnknown(env: Environment, known: readonly string[]): Notice[] {
  // Not `Object.keys()`: of `process.env` it asks for each name once more, each time among all of them.
  const unknown = Object.getOwnPropertyNames(env).filter(
    (variable) =>
      variable.startsWith(VARIABLE_PREFIX) &&
      !known.includes(variable) &&
      !isForOtherAgents(placeOf(variable)),
  )
  if (unknown.length === 0) return []
  return [{ level: 'warn', text: `unknown variables are ignored: ${listOfNames(unknown, known)}` }]
}

/** What the variable of the path was called until 2020. */
const OLDER_PATH_VARIABLE = 'CONTRAST_CONFIG'

function noticesOfOlder(env: Environment): Notice[] {
  if (!Object.hasOwn(env, OLDER_PATH_VARIABLE) || Object.hasOwn(env, PATH_VARIABLE)) return []
  const text = `the variable ${OLDER_PATH_VARIABLE} is an older form and ignored; call it ${PATH_VARIABLE}`
  return [{ level: 'warn', text }]
}

/** The place in the YAML file that a variable stands for: the way back of `variableOf`. */
function placeOf(variable: string): string {
  return variable.slice(VARIABLE_PREFIX.length).replaceAll('__', '.').toLowerCase()
}
