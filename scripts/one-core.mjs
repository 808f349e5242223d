// What lets the mock start soon: what every start reads is in few files, and short. The sources say plainly
// what they import; this plugin changes when that is loaded, and nothing else. See docs/decisions/lean-start.md.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './esbuild-options.mjs'
import { withoutBuiltinImports } from './lean-start.mjs'

/** What both the package and the command begin with. */
const CORE = 'mock-server/team-server/team-server.ts'

/** What Node takes long to load, and no first report needs. Functions alone are taken from these. */
const BUILTINS_LATER = ['node:zlib']

/**
 * Lets everything that is loaded later stand on the whole core. esbuild makes a file of its own of whatever
 * a different set of entries needs: a module of the core that one of them takes alone would be such a file,
 * and read with every start. By the time that one is loaded, the core is.
 *
 * @returns {import('esbuild').Plugin}
 */
export function oneCore() {
  return {
    name: 'one-core',
    setup({ onResolve, onLoad, resolve }) {
      /** @type {Set<string>} */
      const later = new Set()
      onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, async ({ path, kind, pluginData, ...given }) => {
        if (kind !== 'dynamic-import' || pluginData === IS_KNOWN) return undefined
        const resolved = await resolve(path, { ...given, kind, pluginData: IS_KNOWN })
        later.add(resolved.path)
        return resolved
      })
      onResolve({ filter: /^the-whole-core$/ }, () => ({ path: join(root, CORE) }))
      onLoad({ filter: /[/\\]mock-server[/\\].*\.ts$/ }, ({ path }) => {
        const contents = withoutBuiltinImports(readFileSync(path, 'utf8'), BUILTINS_LATER)
        return {
          loader: 'ts',
          contents: later.has(path) ? `${contents}\n${STANDS_ON_CORE}` : contents,
        }
      })
    },
  }
}

const IS_KNOWN = {}

/** An import that nothing is made of would be left out: the sources have no side effects. */
const STANDS_ON_CORE = "export { createTeamServer as theWholeCore } from 'the-whole-core'"
