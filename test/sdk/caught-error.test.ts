import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { codeOf, isError } from '../../sdk/caught-error.ts'

const elsewhere = (code: string): unknown => runInNewContext(code, { DOMException })

test.each([
  ['an error of this realm', new TypeError('no'), true],
  ['an error of another realm', elsewhere('new TypeError("no")'), true],
  ['an abort', new DOMException('no', 'AbortError'), true],
  ['an object that looks like one', { name: 'Error', message: 'no', code: 'ENOENT' }, false],
  ['text', 'Error: no', false],
  ['nothing', undefined, false],
])('%s', (_what, thrown, expected) => {
  expect(isError(thrown)).toBe(expected)
})

test.each([
  [elsewhere('Object.assign(new Error("no"), { code: "ENOENT" })'), 'ENOENT'],
  [Object.assign(new Error('no'), { code: 'ENOSPC' }), 'ENOSPC'],
  [Object.assign(new Error('no'), { code: 7 }), undefined],
  [{ code: 'ENOENT' }, undefined],
])('the code of %s is %s', (thrown, code) => {
  expect(codeOf(thrown)).toBe(code)
})

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

test('nothing else asks for an instance of Error or Promise, which knows one realm alone', () => {
  const files = ['sdk', 'mock-server'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      // The page runs in a browser, where all is of one realm.
      .filter((file) => /\.tsx?$/.test(file) && !/caught-error\.ts$|^page\//.test(file))
      .map((file) => join(folder, file)),
  )
  expect(files.length).toBeGreaterThan(300)
  const asking = files.filter((file) =>
    /instanceof (Error|AggregateError|Promise)\b/.test(readFileSync(join(ROOT, file), 'utf8')),
  )
  expect(asking).toEqual([])
})
