import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Configuration } from '../../../sdk/configuration/configuration.ts'
import type { EngineOptions } from '../../../sdk/configuration/options.ts'
import { type Resolution, resolveConfiguration } from '../../../sdk/configuration/resolve.ts'
import type { GivenSurroundings } from '../../../sdk/configuration/surroundings.ts'
import type { EngineError } from '../../../sdk/errors.ts'

export const SERVICE_KEY = 'SERVICEKEY0123456789abcdef'
export const API_KEY = 'APIKEY0123456789ABCDEFghij'

/** Options that are enough for an engine. */
export const CREDENTIALS = {
  url: 'https://teamserver.test',
  agentUserName: 'agent_1@Shop',
  serviceKey: SERVICE_KEY,
}

export interface Around extends GivenSurroundings {
  readonly options?: EngineOptions
  /** Texts by path below the working directory, which is `app` in a fresh folder. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
}

/** A file that is enough for an engine. */
export const COMPLETE_YAML = `api:
  url: https://teamserver.test/Contrast
  user_name: agent_1@Shop
  service_key: "${SERVICE_KEY}"
`

/** Options that are enough, beside a file of any content. */
export function withYaml(content: string | Uint8Array): Around {
  return { options: CREDENTIALS, files: { 'contrast_security.yaml': content } }
}

/** A fresh folder that goes with the test. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'configuration-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Resolves in a folder of its own, with nothing around but what the test puts there. */
export function tryResolve({ options = {}, files = {}, ...surroundings }: Around = {}): Resolution {
  const folder = freshFolder()
  const cwd = join(folder, 'app')
  mkdirSync(cwd)
  for (const [name, content] of Object.entries(files)) {
    const path = join(cwd, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content, { mode: 0o600 })
  }
  return resolveConfiguration(options, {
    env: {},
    cwd,
    hostname: 'machine-1',
    platform: 'linux',
    prefitted: { status: 'none' },
    systemYamlFolder: join(folder, 'etc'),
    stateFolder: '/state',
    ...surroundings,
  })
}

export function ready(around: Around): Configuration {
  const resolution = tryResolve(around)
  if (resolution.status === 'ready') return resolution.configuration
  throw new Error(`not ready: ${JSON.stringify(resolution)}`)
}

/** @returns The error, whether it was thrown or handed back. */
export function problemOf(around: Around): EngineError {
  const resolution = tryResolve(around)
  if (resolution.status === 'unusable') return resolution.problem
  throw new Error(`not unusable: ${resolution.status}`)
}

/** A token of any content. */
export function tokenOf(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64')
}
