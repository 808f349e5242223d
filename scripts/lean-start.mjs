// What lets a host start soon. The sources say plainly what they import; these two plugins of the build
// change when that is loaded, and nothing else. See docs/decisions/lean-start.md.
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build } from 'esbuild'
import {
  BUILTINS_BANNER,
  COMMON,
  COMMONJS,
  ENGINE_FACES,
  ENGINE_WHOLE,
  MODULE,
  root,
} from './esbuild-options.mjs'

/** What an engine does without until it has something to do, each in a file of its own beside the faces. */
const LATER = ['sdk/engine/uplink.ts', 'sdk/plugins/libraries/find-libraries.ts']

/**
 * What need not be read need not be compiled. Names stay, and lines end somewhere: a stack trace still
 * says where it was.
 *
 * @satisfies {import('esbuild').BuildOptions}
 */
const SHORT = { minifyWhitespace: true, minifySyntax: true, lineLimit: 120 }

/**
 * Takes what Node has by `process.getBuiltinModule()`: a static `import` of `node:fs` or `node:util` loads
 * all that their lazy properties stand for, streams among them, and takes 4 ms.
 *
 * @returns {import('esbuild').Plugin}
 */
export function builtinsWithoutImport() {
  return {
    name: 'builtins-without-import',
    setup({ onLoad, onEnd }) {
      onLoad({ filter: /[/\\]sdk[/\\].*\.ts$/ }, ({ path }) => ({
        loader: 'ts',
        contents: withoutBuiltinImports(readFileSync(path, 'utf8')),
      }))
      onEnd(({ metafile }) => {
        const imports = Object.values(metafile?.outputs ?? {}).flatMap(({ imports }) => imports)
        const left = imports.find(
          ({ path, kind }) => path.startsWith('node:') && kind === 'import-statement',
        )
        if (left !== undefined) throw new Error(`${left.path} is still imported`)
      })
    },
  }
}

/**
 * Puts functions in the place of the modules of `LATER`: the first call of one loads the file that
 * `buildEngine()` made of it. That is synchronous, since a process that ends waits for nothing.
 *
 * @returns {import('esbuild').Plugin}
 */
export function loadedLater() {
  return {
    name: 'loaded-later',
    setup({ initialOptions, onResolve, onLoad }) {
      const files = LATER.map(fileOf)
      onResolve({ filter: /^\.\/.*\.cjs$/ }, ({ path }) =>
        files.includes(path) ? { path, external: true } : undefined,
      )
      const isModule = initialOptions.format === 'esm'
      onLoad({ filter: /[/\\]sdk[/\\].*\.ts$/ }, ({ path }) => {
        const source = relative(root, path).replaceAll('\\', '/')
        if (!LATER.includes(source)) return undefined
        return { loader: 'ts', contents: forwarders(source, isModule) }
      })
    },
  }
}

/**
 * Builds the engine: the faces for Node, what those load later, and what is whole by itself.
 *
 * @param {import('esbuild').BuildOptions} options
 */
export function buildEngine(options) {
  const plugins = options.plugins ?? []
  const later = Object.fromEntries(LATER.map((source) => [nameOf(source), source]))
  const shared = { ...COMMON, ...options, ...SHORT }
  const module = { ...shared, ...MODULE, define: { ...COMMON.define, ...options.define } }
  const common = { ...shared, ...COMMONJS, define: { ...COMMONJS.define, ...options.define } }
  const lean = [...plugins, besideIndex(), loadedLater(), builtinsWithoutImport()]
  const whole = [...plugins, builtinsWithoutImport()]
  return [
    build({ ...module, entryPoints: ENGINE_FACES, splitting: false, banner: {}, plugins: lean }),
    build({ ...common, entryPoints: ENGINE_FACES, plugins: lean }),
    build({ ...common, entryPoints: later, plugins: whole }),
    build({
      ...module,
      entryPoints: ENGINE_WHOLE,
      banner: { js: BUILTINS_BANNER },
      plugins: whole,
    }),
  ]
}

/**
 * Lets the preload take the engine from the file beside it: one copy, without a third file for what the
 * two share, which every start would have to read.
 *
 * @returns {import('esbuild').Plugin}
 */
function besideIndex() {
  return {
    name: 'beside-index',
    setup({ initialOptions, onResolve }) {
      const path = initialOptions.format === 'esm' ? './index.js' : './index.cjs'
      onResolve({ filter: /^\.\/index\.ts$/ }, ({ importer }) =>
        importer.endsWith('register.ts') ? { path, external: true } : undefined,
      )
    },
  }
}

/**
 * The same source, taking what Node has without importing it.
 *
 * @param {string} source
 * @param {readonly string[]} later What is taken with the first call of one of its functions.
 */
export function withoutBuiltinImports(source, later = []) {
  return source.replace(
    /^import (?!type )(?:(\w+)(?:, )?)?(?:\{([^}]*)\})? from '(node:[^']+)'$/gm,
    (_, whole, names, specifier) => {
      const loaded = `process.getBuiltinModule('${specifier}')`
      const bound = String(names ?? '')
        .split(',')
        .map((name) => name.trim().replace(' as ', ': '))
        .filter((name) => name !== '' && !name.startsWith('type '))
      if (later.includes(specifier)) {
        return bound
          .map((name) => `const ${name} = (...given) => ${loaded}.${name}(...given)`)
          .join('\n')
      }
      return [
        ...(whole === undefined ? [] : [`const ${whole} = ${loaded}`]),
        ...(bound.length === 0 ? [] : [`const { ${bound.join(', ')} } = ${loaded}`]),
      ].join('\n')
    },
  )
}

/**
 * @param {string} source
 * @param {boolean} isModule
 */
function forwarders(source, isModule) {
  const text = readFileSync(join(root, source), 'utf8')
  const exported = [...text.matchAll(/^export (?!type |interface )(.*)$/gm)].map(
    ([, rest = '']) => {
      const [, name] =
        /^(?:async )?function\*? ?(\w+)/.exec(rest.replace('function* ', 'function ')) ?? []
      if (name === undefined)
        throw new Error(`${source} is loaded later and exports more than functions`)
      return name
    },
  )
  const file = fileOf(source)
  // In these forms, tools that gather the files of a program find it.
  const load = isModule
    ? `process.getBuiltinModule('node:module').createRequire(import.meta.url)(process.getBuiltinModule('node:url').fileURLToPath(new URL('${file}', import.meta.url)))`
    : `require('${file}')`
  return [
    `const load = () => ${load}`,
    ...exported.map((name) => `export const ${name} = (...given) => load().${name}(...given)`),
  ].join('\n')
}

/** @param {string} source */
function fileOf(source) {
  return `./${nameOf(source)}.cjs`
}

/** @param {string} source */
function nameOf(source) {
  return source.replace(/^.*\//, '').replace(/\.ts$/, '')
}
