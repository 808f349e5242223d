import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { packageRoot } from '../engine-download/package-root.ts'
import { TeamServerError } from '../errors.ts'

/** What `npm run build` leaves of the page: its document, and files with a hash in their names. */
const FOLDER = 'dist/page'

/** The document that a browser asks for first. */
export const DOCUMENT = 'index.html'

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
}

/** One file of the page. */
export interface PageFile {
  readonly type: string
  readonly gzipped: Uint8Array
  readonly plain: () => Uint8Array
}

/** Finds a file of the page by its name. Nothing is read before the first is asked for. */
export type FindPageFile = (name: string) => PageFile | undefined

export function createPageFiles(): FindPageFile {
  let files: ReadonlyMap<string, PageFile> | undefined
  return (name) => {
    files ??= readAll(join(packageRoot(), FOLDER))
    return files.get(name)
  }
}

/** By name alone, so that no path leads out of the folder. @throws `ERR_NOT_BUILT` */
function readAll(folder: string): ReadonlyMap<string, PageFile> {
  try {
    return new Map(
      readdirSync(folder).map((entry) => {
        const name = entry.replace(/\.gz$/, '')
        return [name, fileOf(name, readFileSync(join(folder, entry)))]
      }),
    )
  } catch (cause) {
    const message = `the page is missing: run \`npm run build\` (${FOLDER})`
    throw new TeamServerError('ERR_NOT_BUILT', message, { cause })
  }
}

function fileOf(name: string, gzipped: Uint8Array): PageFile {
  const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
  return { type, gzipped, plain: () => gunzipSync(gzipped) }
}
