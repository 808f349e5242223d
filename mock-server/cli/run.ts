import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { TeamServerError } from '../errors.ts'
import { engineEnvironment } from '../organization/engine-environment.ts'
import { describeRun, summaryOf } from './run-summary.ts'
import { type StartOptions, start } from './start.ts'
import type { Started } from './started.ts'
import { readTlsFiles } from './tls-files.ts'

export interface RunOptions extends StartOptions {
  readonly json: boolean
}

/** What a shell ends with when there is no such command, and when it may not be run. */
const NOT_FOUND = 127
const NOT_EXECUTABLE = 126

/**
 * Starts a mock TeamServer, runs a command whose engine reports to it, and says on standard error what
 * was taken and refused.
 *
 * @returns What the command ended with, as a shell would tell it.
 */
export async function run(command: readonly string[], options: RunOptions): Promise<number> {
  const tls = readTlsFiles(options)
  if (tls === false || tls.cert !== undefined || options.tlsCaFile !== undefined) {
    return runAgainst(command, options)
  }
  // The command needs a file of what to trust, whether or not somebody else wants one.
  const folder = mkdtempSync(join(tmpdir(), 'mock-teamserver-'))
  try {
    return await runAgainst(command, { ...options, tlsCaFile: join(folder, 'ca.pem') })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function runAgainst(command: readonly string[], options: RunOptions): Promise<number> {
  const started = await start(options)
  try {
    const exitCode = await runToEnd(command, environmentFor(started))
    const summary = await summaryOf(started, exitCode)
    console.error(options.json ? JSON.stringify(summary) : describeRun(summary))
    return exitCode
  } finally {
    await started.teamServer.close()
  }
}

/** The variables of an engine. What would speak for another TeamServer is taken away. */
function environmentFor({ listener, organization, caFile }: Started): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...engineEnvironment(organization, listener.url, listener.control),
    ...(caFile !== undefined && { CONTRAST__API__CERTIFICATE__CA_FILE: caFile }),
  }
}

/** @throws `ERR_OPTION_INVALID` without a command. */
function runToEnd([file, ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (file === undefined) {
    throw new TeamServerError('ERR_OPTION_INVALID', 'run needs a command: run -- npm test')
  }
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: 'inherit', env })
    // A terminal sends Ctrl-C to both; a signal that came to us alone is handed on.
    const handOn = (signal: NodeJS.Signals) => void child.kill(signal)
    process.on('SIGTERM', handOn)
    process.on('SIGINT', ignore)
    child.once('error', (error: NodeJS.ErrnoException) => {
      console.error(`mock-teamserver: cannot run ${file}: ${error.code ?? 'unknown error'}`)
      resolve(error.code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE)
    })
    child.once('exit', (code, signal) => {
      process.off('SIGTERM', handOn)
      process.off('SIGINT', ignore)
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM'])
    })
  })
}

function ignore(): void {}
