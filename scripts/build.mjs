// Makes dist/: the bundles, the declarations, and the engine that the mock offers for download.
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { buildPage } from './build-page.mjs'
import { inputsHash, STAMP } from './build-stamp.mjs'
import { compileValidators } from './compile-validators.mjs'
import { buildEngineDownload } from './engine-download.mjs'
import { BUILTINS_BANNER, COMMON, COMMONJS, MODULE, OUT, root } from './esbuild-options.mjs'
import { buildEngine } from './lean-start.mjs'
import { oneCore } from './one-core.mjs'
import { pruneDeclarations } from './prune-declarations.mjs'
import { thirdPartyLicenses } from './third-party-licenses.mjs'

/** What runs beside the package rather than in it. */
const EXTERNAL = ['undici', 'yaml', 'msw', 'vitest']

/** Of the mock: half the text is read in half the time, and a start is mostly reading. Names stay. */
const SHORT = { minifyWhitespace: true, minifySyntax: true }

/** What programs import, as declarations. */
const DECLARED = [
  'sdk/index.d.ts',
  'sdk/register.d.ts',
  'mock-server/index.d.ts',
  'mock-server/adapters/msw.d.ts',
  'mock-server/vitest/vitest.d.ts',
]

const startedAt = performance.now()
process.chdir(root)
rmSync(OUT, { recursive: true, force: true })
compileValidators()
buildDeclarations()

const mock = { index: 'mock-server/index.ts', msw: 'mock-server/adapters/msw.ts' }
/** vitest is ESM alone. */
const mockAsModule = { vitest: 'mock-server/vitest/vitest.ts' }
const results = await Promise.all([
  ...buildEngine({ outdir: `${OUT}/sdk`, external: EXTERNAL }),
  build({
    ...COMMON,
    ...MODULE,
    ...SHORT,
    entryPoints: {
      ...mock,
      ...mockAsModule,
      'mock-teamserver': 'mock-server/cli/mock-teamserver.ts',
    },
    outdir: `${OUT}/mock-server`,
    external: EXTERNAL,
    banner: { js: BUILTINS_BANNER },
    plugins: [oneCore()],
  }),
  build({
    ...COMMON,
    ...COMMONJS,
    ...SHORT,
    entryPoints: mock,
    outdir: `${OUT}/mock-server`,
    external: EXTERNAL,
  }),
])
copyFileSync('mock-server/catalog/catalog.json', `${OUT}/mock-server/catalog.json`)
writeFileSync(
  `${OUT}/THIRD-PARTY-LICENSES`,
  thirdPartyLicenses([...results.map((result) => result.metafile), await buildPage(`${OUT}/page`)]),
)
await buildEngineDownload()
writeFileSync(join(OUT, STAMP), inputsHash())
rmSync('dist', { recursive: true, force: true })
renameSync(OUT, 'dist')
console.error(`built dist/ in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`)

/** One tree for `import`, and the same again as CommonJS for `require`. */
function buildDeclarations() {
  const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))
  const args = ['-p', 'tsconfig.types.json', '--outDir', `${OUT}/types`]
  const { status } = spawnSync(process.execPath, [tsc, ...args], { stdio: 'inherit' })
  if (status !== 0) process.exit(1)
  pruneDeclarations(`${OUT}/types`, DECLARED)
  cpSync(`${OUT}/types`, `${OUT}/types-cjs`, { recursive: true })
  writeFileSync(`${OUT}/types-cjs/package.json`, `${JSON.stringify({ type: 'commonjs' })}\n`)
}
