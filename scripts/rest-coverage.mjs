// Puts the table of REST routes into docs/rest.md, from the catalog and the routes as they are, and
// prints how many of the documented ones have behaviour.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { COMMON, root } from './esbuild-options.mjs'
import { countLine, coverageOf, withCoverage } from './rest-coverage/table.mjs'

const PAGE = join(root, 'docs/rest.md')

const catalog = JSON.parse(readFileSync(join(root, 'mock-server/catalog/catalog.json'), 'utf8'))
const routes = await servedRoutes()
writeFileSync(PAGE, withCoverage(readFileSync(PAGE, 'utf8'), catalog, routes))
console.log(countLine(coverageOf(catalog, routes)))

/** The routes are TypeScript, which the oldest Node does not run. */
async function servedRoutes() {
  const folder = mkdtempSync(join(root, 'node_modules/.routes-'))
  try {
    const outfile = join(folder, 'routes.mjs')
    await build({
      ...COMMON,
      format: 'esm',
      entryPoints: ['mock-server/routes/index.ts'],
      outfile,
      external: ['undici', 'yaml'],
    })
    return (await import(pathToFileURL(outfile).href)).ROUTES
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
