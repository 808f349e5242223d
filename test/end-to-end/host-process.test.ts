import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from './download.ts'
import { DIST, runProgram } from './program.ts'

const SECRETS = ['Sv0kzg98MQvt4TUbG3O9OHqM2GfW8lyD', 'Aq1kzg98MQvt4TUbG3O9OHqM2GfW8lyE']

/** Prints what others can see of the process, without an engine and with one, and what a child sees. */
const HOST = `
  import { spawnSync } from 'node:child_process'
  import { readFileSync } from 'node:fs'
  const look = () => ({
    env: { ...process.env },
    argv: process.argv,
    execArgv: process.execArgv,
    title: process.title,
    commandLine: readFileSync('/proc/self/cmdline', 'latin1'),
  })
  const before = look()
  const { createEngine } = await import('${pathToFileURL(join(DIST, 'sdk/index.js'))}')
  const engine = createEngine({ logger: false })
  engine.report({ type: 'finding', rule: 'cookie-flags-missing' })
  await engine.flush({ timeoutMs: 100 })
  const child = spawnSync(process.execPath, ['-p', 'JSON.stringify(process.env)'], { encoding: 'utf8' })
  console.log(JSON.stringify({ state: engine.status().state, before, after: look(), child: JSON.parse(child.stdout) }))
  process.exit()
`

test.skipIf(process.platform !== 'linux')(
  'C-206: the engine sets no variable, and neither a child nor the command line sees a key',
  async () => {
    await using place = await temporaryFolder({
      'package.json': '{"name":"shop"}',
      'host.mjs': HOST,
      'contrast_security.yaml':
        `api:\n  url: http://127.0.0.1:1\n  user_name: agent_1@Shop\n` +
        `  service_key: ${SECRETS[0]}\n  api_key: ${SECRETS[1]}\n`,
    })
    const { stdout, stderr, code } = await runProgram(place.folder, ['host.mjs'])
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    const { state, before, after, child } = JSON.parse(stdout)
    expect(state).not.toBe('disabled')
    expect(after).toEqual(before)
    expect(child).toEqual(before.env)
    for (const secret of SECRETS) expect(stdout).not.toContain(secret)
  },
)
