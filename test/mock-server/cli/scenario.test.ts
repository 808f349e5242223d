import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { endCommands, startCommand, startForPrograms } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'mock-teamserver-'))
afterEach(endCommands)
afterAll(() => rmSync(folder, { recursive: true }))

function configOf(text: string): string {
  const file = join(folder, 'teamserver.yaml')
  writeFileSync(file, text)
  return file
}

const CONFIG = `
organizations:
  - name: Shop
    faults: ['429;retry-after=2']
  - name: Bank
faults:
  - { do: '503', route: heartbeat }
scenario:
  - { at: 0, do: enable api key, organization: Bank }
  - { at: 0, do: restart }
  - { at: 0, do: delete agent key, name: none }
`

test('faults and scenario of the file are in force, and each step is printed', async () => {
  const command = startCommand('--port', '0', '--config', configOf(CONFIG))
  const shown = await command.until('no agent key of this name')
  const lines = shown.split('\n').filter((line) => line.includes(' step '))
  expect(lines.map((line) => line.slice(9))).toEqual([
    'step 0 s: enable api key, organization Bank',
    'step 0 s: restart',
    'step 0 s: delete agent key, name none  no agent key of this name',
  ])
  const [, url = ''] = /CONTRAST__API__URL='([^']+)'/.exec(shown) ?? []
  // Listening again on the port that was shown.
  expect((await fetch(url.replace('/Contrast', '/ready'))).status).toBe(200)
  expect((await command.end()).code).toBe(0)
})

test('with --json nothing but the one line is printed', async () => {
  // While it restarts, a request of this test would be reset.
  const config = configOf(CONFIG.replace('do: restart', 'do: close overlap'))
  const { line, end } = await startForPrograms('--control', '--config', config)
  const headers = { authorization: `Bearer ${line.control?.token}` }
  const response = await fetch(`${line.control?.url}/faults`, { headers })
  expect(await response.json()).toMatchObject({
    faults: [
      { rule: { do: '429;retry-after=2', organization: line.organization.id } },
      { rule: { do: '503', route: 'heartbeat' } },
    ],
  })
  const { stdout } = await end()
  expect(stdout.trim().split('\n')).toHaveLength(1)
})

test('mistakes in faults and scenario are told with line and field', async () => {
  const file = configOf(`organizations:
  - name: Shop
    faults: ['999']
faults:
  - { do: '503', rout: heartbeat }
scenario:
  - { at: 0, do: explode }
`)
  const { code, stderr } = await startCommand('--port', '0', '--config', file).ended
  expect(code).toBe(3)
  expect(stderr).toContain(`${file}:5: faults[0] cannot be planted: a fault rule knows no rout`)
  expect(stderr).toContain(`${file}:7: scenario[0].do must be one of rotate api key`)
})
