import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Organization, TeamServer } from '../../mock-server/index.ts'

const run = promisify(execFile)

/** Downloads an engine as an administrator would. */
export async function downloadEngine(
  teamServer: TeamServer,
  organization: Organization,
  query = '',
): Promise<Uint8Array> {
  const admin = await organization.addPerson({ role: 'admin' })
  const answer = await teamServer.fetch(
    `https://teamserver.test/Contrast/api/ng/${organization.id}/agents/default/NODE${query}`,
    { headers: { authorization: admin.authorization, 'api-key': organization.apiKey.value } },
  )
  if (answer.status !== 200) throw new Error(`the download was refused with ${answer.status}`)
  return new Uint8Array(await answer.arrayBuffer())
}

/** A folder with files in it, gone after the test. */
export async function temporaryFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<{ readonly folder: string; readonly [Symbol.asyncDispose]: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'))
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), content, { mode: 0o600 })
  }
  return {
    folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Runs a program in a folder, with nothing of this process's environment but its path. */
export async function runIn(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const { PATH = '' } = process.env
  return run(process.execPath, args, { cwd: folder, env: { PATH, HOME: folder, ...env } })
}

/** Installs a tarball as a user would, without a network. */
export async function npmInstall(folder: string, tarball: string): Promise<void> {
  const { PATH = '' } = process.env
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
  await run('npm', ['install', '--offline', tarball, ...quiet], {
    cwd: folder,
    env: { PATH, HOME: folder },
  })
}
