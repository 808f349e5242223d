import { expect, test } from 'vitest'
import { licenseOf } from '../../../../sdk/plugins/libraries/license.ts'

test.each([
  ['text', { license: '(MIT OR Apache-2.0)' }, '(MIT OR Apache-2.0)'],
  ['an object', { license: { type: 'ISC', url: 'https://a.test' } }, 'ISC'],
  ['a list of one', { licenses: [{ type: 'MIT' }] }, 'MIT'],
  ['a list of several', { licenses: [{ type: 'MIT' }, 'GPL-2.0'] }, '(MIT OR GPL-2.0)'],
  ['one object under the plural', { licenses: { type: 'MIT' } }, 'MIT'],
  ['both: the singular', { license: 'MIT', licenses: ['ISC'] }, 'MIT'],
  ['none', {}, undefined],
  ['an empty text', { license: '' }, undefined],
  ['a number', { license: 3 }, undefined],
  ['a list of nothing useful', { licenses: [null, 3, {}] }, undefined],
  ['more than a report takes', { license: 'M'.repeat(513) }, undefined],
])('a licence given as %s', (_how, manifest, expected) => {
  expect(licenseOf(manifest)).toBe(expected)
})
