import { existsSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { readPage } from '../docs/page.ts'
import { JSON_REPORT, readJsonReport } from '../json-report.ts'
import { forgetPackage, installPackage, runCommand } from './installed-example.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const { text, blocks } = readPage('../README.md')

afterAll(forgetPackage)

test('the test file of the README passes in an empty project with the packed package', async () => {
  const [block] = blocks.filter(({ code }) => code.includes('mock-server/vitest'))
  await using place = await installPackage(['vitest'])
  await writeFile(join(place.folder, 'shop.test.js'), `${block?.code}\n`)
  const command = ['npx', 'vitest', 'run', ...JSON_REPORT] as const
  const { code, stderr } = await runCommand(place.folder, command)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(await readJsonReport(place.folder)).toMatchObject({ numTotalTests: 1, numPassedTests: 1 })
})

test('the README names each example that is an application with tests, and no other', () => {
  const named = [...text.matchAll(/^\| \[([\w-]+)\]\(examples\/\1\) \|/gm)].map(([, name]) => name)
  const folders = readdirSync(join(ROOT, 'examples')).filter((name) =>
    existsSync(join(ROOT, 'examples', name, 'README.md')),
  )
  expect(folders.length).toBeGreaterThan(0)
  expect(named.sort()).toEqual(folders.sort())
})
