// Makes the page of the mock TeamServer: one script, one style sheet and one icon with their hashes in
// their names, and the document that names them. Everything is kept in gzip, as it is served.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { COMMON, root } from './esbuild-options.mjs'

const SOURCES = 'mock-server/page'

/** What a browser of the last three years runs. */
const BROWSERS = ['chrome115', 'edge115', 'firefox115', 'safari16.4']

/**
 * @param {string} folder
 * @returns {Promise<import('esbuild').Metafile>} What went into it, for the licences.
 */
export async function buildPage(folder) {
  const { outputFiles, metafile } = await build({
    ...COMMON,
    platform: 'browser',
    target: BROWSERS,
    format: 'esm',
    minify: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryPoints: { app: `${SOURCES}/main.tsx` },
    outdir: folder,
    write: false,
  })
  mkdirSync(join(root, folder), { recursive: true })
  const keep = (/** @type {string} */ name, /** @type {Uint8Array | string} */ content) =>
    writeFileSync(join(root, folder, `${name}.gz`), gzipSync(content, { level: 9 }))
  const names = Object.fromEntries(
    outputFiles.map(({ path, contents }) => {
      const ending = path.endsWith('.css') ? 'css' : 'js'
      return [ending, hashed(`app.${ending}`, contents, keep)]
    }),
  )
  const icon = hashed('icon.svg', readFileSync(join(root, SOURCES, 'icon.svg')), keep)
  keep('index.html', documentOf({ ...names, icon }))
  return metafile
}

/**
 * @param {string} name
 * @param {Uint8Array} contents
 * @param {(name: string, content: Uint8Array) => void} keep
 */
function hashed(name, contents, keep) {
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 12)
  const whole = name.replace('.', `-${hash}.`)
  keep(whole, contents)
  return whole
}

/** @param {Record<string, string>} names */
function documentOf({ js, css, icon }) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Mock TeamServer</title>
<link rel="icon" href="page/${icon}" type="image/svg+xml">
<link rel="stylesheet" href="page/${css}">
<script type="module" src="page/${js}"></script>
</head>
<body>
<div id="page"></div>
<noscript>The page of the mock TeamServer needs JavaScript. The REST API does not: see docs/administration.md.</noscript>
</body>
</html>
`
}
