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

/** What the engine consists of: what programs import, and its command. */
export const ENGINE_ENTRIES = {
  faces: { index: 'sdk/index.ts', register: 'sdk/register.ts' },
  commands: { 'teamserver-engine': 'sdk/cli/teamserver-engine.ts' },
}
