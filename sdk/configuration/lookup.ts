import { EngineError } from '../errors.ts'
import type { Origins } from './configuration.ts'
import { readRaw } from './kinds.ts'
import { SETTING_NAMES, SETTINGS, type SettingName, type SettingValues } from './settings.ts'
import { CODE_OF_SOURCE, type Given, type Origin, type Source } from './source.ts'

/** Finds settings in sources of which the earlier wins. */
export interface Lookup {
  /** What stands highest, not yet checked. */
  find(name: SettingName): Given | undefined
  /**
   * What stands highest, checked. What something stands above is not looked at.
   *
   * @throws {EngineError} with the code of the source, naming the place and not the value.
   */
  read<Name extends SettingName>(name: Name): SettingValues[Name] | undefined
  /** The same for a setting that some source is known to have. */
  need<Name extends SettingName>(name: Name): SettingValues[Name]
  origins(): Origins
}

/** The origin of what nobody said. */
export const DEFAULT_ORIGIN: Origin = Object.freeze({ source: 'default', where: 'default' })

export function createLookup(sources: readonly Source[]): Lookup {
  function find(name: SettingName): Given | undefined {
    return sources.find((source) => source.has(name))?.get(name)
  }

  function read<Name extends SettingName>(name: Name): SettingValues[Name] | undefined {
    const given = find(name)
    if (given === undefined) return undefined
    const reading = readRaw(SETTINGS[name].kind, given.raw)
    if (reading.status === 'read') return reading.value
    const { source, where } = given.origin
    // The name of a variable or a YAML key tells which setting; a token or a download does not.
    const what = source === 'token' || source === 'prefitted' ? `${name} of ${where}` : where
    throw new EngineError(CODE_OF_SOURCE[source], `${what} ${reading.why}`)
  }

  return {
    find,
    read,
    need(name) {
      const value = read(name)
      if (value === undefined) throw new TypeError(`no source has ${name}`)
      return value
    },
    origins() {
      const origins = SETTING_NAMES.map((name) => [name, find(name)?.origin ?? DEFAULT_ORIGIN])
      return Object.freeze(Object.fromEntries(origins))
    },
  }
}
