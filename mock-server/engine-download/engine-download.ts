import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createTar } from 'nanotar'
import { TeamServerError } from '../errors.ts'
import type { AgentTokenContent } from '../keys/agent-token.ts'
import { packageRoot } from './package-root.ts'

/** What `npm run build` leaves for downloads; nothing in it depends on an organization. */
const TEMPLATES = 'dist/engine-download'

/** Stands in the one-file engine where its credentials go. */
const PLACEHOLDER = JSON.stringify('@@TEAMSERVER_ENGINE_CREDENTIALS@@')

/** An entry of a tarball made at build time has this time too, so that builds are repeatable. */
const ENTRY_TIME = new Date('2026-01-01T00:00:00Z').getTime()

const read = new Map<string, Buffer>()

/**
 * The engine as an npm tarball, with these credentials. Two gzip members, one after the other:
 * the engine, compressed at build time, and the credentials. That is one valid gzip file (RFC 1952,
 * section 2.2), and a download costs no compression of a megabyte.
 */
export function engineTarball(credentials: AgentTokenContent): Uint8Array {
  const entry = createTar([
    {
      name: 'package/credentials.json',
      data: `${JSON.stringify(credentials, undefined, 2)}\n`,
      attrs: { mode: '600', mtime: ENTRY_TIME },
    },
  ])
  return Buffer.concat([template('engine.tar.gz'), gzipSync(entry)])
}

/** The engine in one file, with these credentials. */
export function engineModule(credentials: AgentTokenContent): string {
  const [before, after, ...more] = template('engine.mjs').toString('utf8').split(PLACEHOLDER)
  if (before === undefined || after === undefined || more.length > 0) {
    throw new TeamServerError('ERR_NOT_BUILT', 'the one-file engine has no place for credentials')
  }
  return `${before}${JSON.stringify(JSON.stringify(credentials))}${after}`
}

function template(name: string): Buffer {
  const found = read.get(name)
  if (found !== undefined) return found
  const file = join(packageRoot(), TEMPLATES, name)
  try {
    const bytes = readFileSync(file)
    read.set(name, bytes)
    return bytes
  } catch (cause) {
    const message = `the engine to download is missing: run \`npm run build\` (${TEMPLATES}/${name})`
    throw new TeamServerError('ERR_NOT_BUILT', message, { cause })
  }
}
