// What every bundle shares.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Where a build goes until it is whole; then it takes the place of `dist`. */
export const OUT = 'dist.next'

export const { version, engines } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
)

/** @type {import('esbuild').BuildOptions} */
export const COMMON = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  metafile: true,
  logLevel: 'warning',
  legalComments: 'none',
  define: { TEAMSERVER_ENGINE_VERSION: JSON.stringify(version) },
}

/** Bundled CommonJS packages call `require` for what Node has; a module has to make its own. */
export const REQUIRE_BANNER =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);'

/** @type {import('esbuild').BuildOptions} */
export const MODULE = {
  format: 'esm',
  splitting: true,
  chunkNames: '[name]-[hash]',
  banner: { js: REQUIRE_BANNER },
}

/** The same where nothing is required but what Node has: `node:module` need not be loaded. */
export const BUILTINS_BANNER = 'const require = process.getBuiltinModule;'

/**
 * CommonJS has no `import.meta.url`: each file says its own. What it loads later it requires: jest runs
 * CommonJS where `import()` is not to be had.
 *
 * @type {import('esbuild').BuildOptions}
 */
export const COMMONJS = {
  format: 'cjs',
  supported: { 'dynamic-import': false },
  outExtension: { '.js': '.cjs' },
  banner: { js: 'const __importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
  define: { ...COMMON.define, 'import.meta.url': '__importMetaUrl' },
}

/** What programs import of the engine. */
export const ENGINE_FACES = { index: 'sdk/index.ts', register: 'sdk/register.ts' }

/**
 * What is whole by itself: the command, and what bundlers take for a module, since they do not see what
 * one loads later. What CommonJS requires they do see.
 */
export const ENGINE_WHOLE = {
  'index.whole': ENGINE_FACES.index,
  'register.whole': ENGINE_FACES.register,
  'teamserver-engine': 'sdk/cli/teamserver-engine.ts',
}
