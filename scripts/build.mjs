// Makes dist/: the bundles, the declarations, and the engine that the mock offers for download.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { inputsHash, STAMP } from './build-stamp.mjs'
import { compileValidators } from './compile-validators.mjs'
import { buildEngineDownload } from './engine-download.mjs'
import { COMMON, COMMONJS, ENGINE_ENTRIES, MODULE, root } from './esbuild-options.mjs'
import { thirdPartyLicenses } from './third-party-licenses.mjs'

/** What runs beside the package rather than in it. */
const EXTERNAL = ['undici', 'yaml']

const startedAt = performance.now()
process.chdir(root)
rmSync('dist', { recursive: true, force: true })
compileValidators()
buildDeclarations()

const sdk = ENGINE_ENTRIES
const mock = { index: 'mock-server/index.ts' }
const results = await Promise.all([
  build({
    ...COMMON,
    ...MODULE,
    entryPoints: { ...sdk.faces, ...sdk.commands },
    outdir: 'dist/sdk',
    external: EXTERNAL,
  }),
  build({ ...COMMON, ...COMMONJS, entryPoints: sdk.faces, outdir: 'dist/sdk', external: EXTERNAL }),
  build({
    ...COMMON,
    ...MODULE,
    entryPoints: { ...mock, 'mock-teamserver': 'mock-server/cli/mock-teamserver.ts' },
    outdir: 'dist/mock-server',
    external: EXTERNAL,
  }),
  build({
    ...COMMON,
    ...COMMONJS,
    entryPoints: mock,
    outdir: 'dist/mock-server',
    external: EXTERNAL,
  }),
])
writeFileSync(
  'dist/THIRD-PARTY-LICENSES',
  thirdPartyLicenses(results.map((result) => result.metafile)),
)
await buildEngineDownload()
writeFileSync(STAMP, inputsHash())
console.error(`built dist/ in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`)

/** One tree for `import`, and the same again as CommonJS for `require`. */
function buildDeclarations() {
  const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.types.json'], { stdio: 'inherit' })
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  cpSync('dist/types', 'dist/types-cjs', { recursive: true })
  mkdirSync('dist/types-cjs', { recursive: true })
  writeFileSync('dist/types-cjs/package.json', `${JSON.stringify({ type: 'commonjs', version })}\n`)
}
