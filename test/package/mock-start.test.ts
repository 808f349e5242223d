import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const FOLDER = join(import.meta.dirname, '../../dist/mock-server')

/** What a module of the bundle names in its static imports. */
function importsOf(file: string): readonly string[] {
  const code = readFileSync(join(FOLDER, file), 'utf8')
  return [...code.matchAll(/(?:^|[;\n}])import(?:[\w$*{][^"';()]*?from)?"([^"]+)"/g)].map(
    ([, specifier = '']) => specifier,
  )
}

/** Every file that is read before the first line of `file` runs, itself included, and what else is imported. */
function readByStartOf(file: string) {
  const files = new Set([file])
  const others = new Set<string>()
  for (const each of files) {
    for (const specifier of importsOf(each)) {
      if (specifier.startsWith('./')) files.add(specifier.slice(2))
      else others.add(specifier)
    }
  }
  return { files: [...files], others: [...others] }
}

test('a start of the command reads five files at most, and imports nothing of Node', () => {
  const { files, others } = readByStartOf('mock-teamserver.js')
  expect(files.length).toBeGreaterThan(1)
  expect([files.length <= 5, others]).toEqual([true, []])
})
