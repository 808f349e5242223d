// Makes everything of the downloadable engine that does not depend on an organization:
// dist/engine-download/engine.tar.gz (an npm tarball but for its credentials and its end)
// and dist/engine-download/engine.mjs (one file, with a place for credentials).
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { createTar } from 'nanotar'
import { BUILTINS_BANNER, COMMON, engines, OUT, root, version } from './esbuild-options.mjs'
import { buildEngine, builtinsWithoutImport } from './lean-start.mjs'
import { thirdPartyLicenses } from './third-party-licenses.mjs'

const PLACEHOLDER = JSON.stringify('@@TEAMSERVER_ENGINE_CREDENTIALS@@')

/** The same moment in every build, so that builds are repeatable. */
const ENTRY_TIME = Date.UTC(2026, 0, 1)

const TAR_BLOCK_BYTES = 512

/** What of undici the engine uses. */
const UNDICI_PARTS = 'scripts/undici-parts.mjs'

/** What the name of an entry has room for in a tar header. */
const LONGEST_NAME = 100

export async function buildEngineDownload() {
  mkdirSync(`${OUT}/engine-download`, { recursive: true })
  const files = [...(await bundles()), ...declarations(), ...documents()]
  const entries = files.map(({ name, data }) => ({
    name: `package/${name}`,
    data: Buffer.from(data),
    attrs: { mode: '644', mtime: ENTRY_TIME },
  }))
  const long = entries.find(({ name }) => name.length > LONGEST_NAME)
  if (long !== undefined) throw new Error(`${long.name} is too long for a tar header`)
  // Without the empty blocks that end a tar file: the credentials come before those.
  const blocks = entries.map(({ data }) => 1 + Math.ceil(data.length / TAR_BLOCK_BYTES))
  const open = createTar(entries).subarray(
    0,
    TAR_BLOCK_BYTES * blocks.reduce((sum, count) => sum + count),
  )
  writeFileSync(`${OUT}/engine-download/engine.tar.gz`, gzipSync(open, { level: 9 }))
  await buildSingleFile()
}

/** The engine for `import` and `require`, with undici and yaml in files that load on first need. */
async function bundles() {
  const results = await Promise.all([
    ...buildEngine({
      write: false,
      outdir: 'engine',
      plugins: [ownDependencies()],
      define: { TEAMSERVER_ENGINE_PREFITTED: '"file"' },
    }),
    build({
      ...COMMON,
      write: false,
      minify: true,
      format: 'cjs',
      outdir: 'engine',
      outExtension: { '.js': '.cjs' },
      entryPoints: { undici: UNDICI_PARTS, yaml: 'yaml' },
    }),
  ])
  const licenses = thirdPartyLicenses(results.map(({ metafile }) => metafile))
  return [
    ...results.flatMap(({ outputFiles }) =>
      outputFiles.map(({ path, contents }) => ({ name: path.slice(root.length), data: contents })),
    ),
    { name: 'THIRD-PARTY-LICENSES', data: licenses },
  ]
}

/** Points the engine's two dependencies to the files beside it. @returns {import('esbuild').Plugin} */
function ownDependencies() {
  return {
    name: 'own-dependencies',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^undici$/ }, () => ({ path: './undici.cjs', external: true }))
      onLoad({ filter: /sdk\/configuration\/yaml-module\.ts$/ }, async ({ path }) => ({
        loader: 'ts',
        contents: replaceOnce(readFileSync(path, 'utf8'), "url)('yaml')", "url)('./yaml.cjs')"),
      }))
    },
  }
}

async function buildSingleFile() {
  const { outputFiles } = await build({
    ...COMMON,
    write: false,
    format: 'esm',
    outfile: 'engine.mjs',
    entryPoints: ['sdk/index.ts'],
    minifyWhitespace: true,
    minifyIdentifiers: true,
    define: { ...COMMON.define, TEAMSERVER_ENGINE_PREFITTED: PLACEHOLDER },
    banner: { js: BUILTINS_BANNER },
    plugins: [dependenciesInside(), builtinsWithoutImport()],
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error('esbuild made no file')
  const { length } = file.text.split(PLACEHOLDER)
  if (length !== 2) throw new Error(`the one-file engine has ${length - 1} places for credentials`)
  writeFileSync(`${OUT}/engine-download/engine.mjs`, file.contents)
}

/** Takes undici and yaml into the one file, to be run on first need. @returns {import('esbuild').Plugin} */
function dependenciesInside() {
  return {
    name: 'dependencies-inside',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^undici$/ }, () => ({ path: join(root, UNDICI_PARTS) }))
      onLoad({ filter: /sdk\/configuration\/yaml-module\.ts$/ }, async ({ path }) => ({
        loader: 'ts',
        contents: replaceOnce(
          readFileSync(path, 'utf8'),
          "createRequire(import.meta.url)('yaml')",
          "require('yaml')",
        ),
      }))
    },
  }
}

function declarations() {
  return ['types', 'types-cjs'].flatMap((tree) =>
    readdirSync(`${OUT}/${tree}`, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|json)$/.test(file) && !file.startsWith('mock-server/'))
      .sort()
      .map((file) => ({ name: `${tree}/${file}`, data: readFileSync(join(OUT, tree, file)) })),
  )
}

function documents() {
  const face = (/** @type {string} */ name) => ({
    import: {
      types: `./types/sdk/${name}.d.ts`,
      module: `./engine/${name}.whole.js`,
      default: `./engine/${name}.js`,
    },
    require: { types: `./types-cjs/sdk/${name}.d.ts`, default: `./engine/${name}.cjs` },
  })
  const manifest = {
    name: 'teamserver-engine',
    version,
    description: 'The engine, pre-fitted with the generated credentials of one organization',
    license: 'MIT',
    private: true,
    type: 'module',
    main: './engine/index.cjs',
    types: './types-cjs/sdk/index.d.ts',
    engines,
    exports: {
      '.': face('index'),
      './register': face('register'),
      './package.json': './package.json',
    },
    bin: { 'teamserver-engine': './engine/teamserver-engine.js' },
  }
  return [
    { name: 'package.json', data: `${JSON.stringify(manifest, undefined, 2)}\n` },
    { name: 'LICENSE', data: readFileSync('LICENSE') },
    { name: 'README.md', data: readFileSync('docs/pre-fitted-engine.md') },
  ]
}

/**
 * @param {string} text
 * @param {string} part
 * @param {string} other
 */
function replaceOnce(text, part, other) {
  if (text.split(part).length !== 2) throw new Error(`expected ${part} once`)
  return text.replace(part, other)
}
