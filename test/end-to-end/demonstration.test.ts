import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(`${root}README.md`, 'utf8')

interface Told {
  readonly ok: boolean
  readonly attempts: readonly {
    readonly name: string
    readonly expected: 'stored' | 'refused'
    readonly status: number
    readonly reason: string | null
    readonly stored: boolean
  }[]
  readonly honest: { readonly sent: number; readonly stored: number }
}

test('the demonstration stores the theft while layer two is off and nothing forged once it is on', async () => {
  const { stdout } = await run('node', ['examples/demo/demo.mjs', '--json'], { cwd: root })
  const told: Told = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')
  const [theft, ...others] = told.attempts
  expect(theft).toMatchObject({ expected: 'stored', status: 202, stored: true })
  expect(others.length).toBeGreaterThanOrEqual(12)
  for (const attempt of others) {
    expect(attempt).toMatchObject({ expected: 'refused', stored: false })
    expect([401, 403]).toContain(attempt.status)
  }
  expect(new Set(others.map(({ reason }) => reason))).toEqual(
    new Set([
      'api-key-wrong',
      'credentials-missing',
      'credentials-wrong',
      'organization-refused',
      'role-refused',
    ]),
  )
  expect(told.honest.stored).toBe(told.honest.sent)
  expect(told.honest.sent).toBeGreaterThan(100)
  expect(told.ok).toBe(true)
}, 60_000)

test('the README quotes the table that the demonstration really prints', async () => {
  const { stdout } = await run('node', ['examples/demo/demo.mjs'], { cwd: root })
  const printed = stdout.slice(stdout.indexOf('  tried ')).trimEnd().replace(/^ {2}/gm, '')
  const [, quoted] = /<!-- demo -->\n```\n([\s\S]*?)\n```\n/.exec(readme) ?? []
  expect(quoted).toBe(printed)
}, 60_000)

test('act two alone sends one honest report and twelve forged ones, and one is stored', async () => {
  const { stdout } = await run('node', ['examples/forged-reports/forged-reports.mjs'], {
    cwd: root,
  })
  expect(stdout.match(/ as expected$/gm)).toHaveLength(12)
  expect(stdout).toContain('1 honest report and 12 forged ones sent, 1 stored.')
})
