import { join } from 'node:path'
import { text } from './kinds.ts'
import { DEFAULT_ORIGIN } from './lookup.ts'
import type { FoundApplication } from './package-file.ts'
import { SETTING_NAMES, SETTINGS, type SettingName } from './settings.ts'
import type { Given, Origin, Source } from './source.ts'
import type { Surroundings } from './surroundings.ts'

/** The lowest source: the defaults of the table, and what can be found out. */
export function defaultsFor(
  application: FoundApplication,
  { cwd, hostname, stateFolder }: Surroundings,
): Source {
  const source = new Map<SettingName, Given>()
  for (const name of SETTING_NAMES) set(name, SETTINGS[name].default)
  set('server.path', cwd)
  set('server.name', text(255).fromValue(hostname).status === 'read' ? hostname : 'localhost')
  set('spoolDirectory', stateFolder === undefined ? false : join(stateFolder, 'teamserver-engine'))
  set('application.name', application.name, fromPackage('name'))
  set('application.version', application.version, fromPackage('version'))
  set('application.root', application.root, fromPackage())
  return source

  function set(name: SettingName, value: unknown, origin = DEFAULT_ORIGIN): void {
    if (value !== undefined) source.set(name, { raw: { form: 'typed', value }, origin })
  }

  function fromPackage(field?: string): Origin {
    if (application.file === undefined) return DEFAULT_ORIGIN
    const where = field === undefined ? application.file : `${application.file} ${field}`
    return { source: 'default', where }
  }
}
