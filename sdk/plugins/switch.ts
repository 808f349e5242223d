import type { Configuration } from '../configuration/configuration.ts'
import type { Plugin } from './plugin.ts'

/** The settings that switch a plugin off. */
type Switch = 'isLibrariesEnabled' | 'isRoutesEnabled'

/** By a symbol that is the same everywhere: the preload and the engine are two files, each with a copy of this. */
const SWITCH = Symbol.for('teamserver-engine.plugin-switch')

/** The same plugin, which engines leave out where the setting is off: one that nobody wrote into a program. */
export function switchedBy(name: Switch, plugin: Plugin): Plugin {
  return Object.freeze({ ...plugin, [SWITCH]: name })
}

export function isSwitchedOn(
  plugin: Plugin & { readonly [SWITCH]?: Switch },
  configuration: Pick<Configuration, Switch>,
): boolean {
  const name = plugin[SWITCH]
  return name === undefined || configuration[name]
}
