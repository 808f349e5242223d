import { expect, test } from 'vitest'
import { DEFAULT_KEY_POLICY, missedRules } from '../../../mock-server/keys/key-policy.ts'

/** Obeys: 32 characters, twelve of each case and eight digits. */
const KEY = 'AAAAAAaaaaaa111111BBBBBBbbbbbb22'
const LENGTH = 'must be exactly 32 characters long'
const DIGITS = 'needs at least 6 digits'
const UPPER = 'needs at least 6 upper case letters'
const LOWER = 'needs at least 6 lower case letters'
const CHARACTERS = 'may hold visible ASCII characters only, and no space, comma or quote'

test.each<[what: string, key: string, missed: readonly string[]]>([
  ['a key that obeys', KEY, []],
  ['just enough of each class', 'AAAAAAaaaaaa111111______________', []],
  ['one character less', KEY.slice(1), [LENGTH]],
  ['one character more', `${KEY}x`, [LENGTH]],
  ['a digit less', 'AAAAAAaaaaaa11111_______________', [DIGITS]],
  ['an upper case letter less', 'AAAAA_aaaaaa111111______________', [UPPER]],
  ['a lower case letter less', 'AAAAAAaaaaa_111111______________', [LOWER]],
  ['nothing', '', [LENGTH, DIGITS, UPPER, LOWER]],
  ['words of the documentation', 'demo', [LENGTH, DIGITS, UPPER, LOWER]],
  ['Arabic digits', 'AAAAAAaaaaaa11111٣______________', [DIGITS, CHARACTERS]],
  ['a Roman numeral', 'AAAAAⅧaaaaaa111111______________', [UPPER, CHARACTERS]],
  ['an accented letter', 'AAAAAÉaaaaaa111111______________', [UPPER, CHARACTERS]],
  ['a letter without upper case', 'AAAAAAaaaaaß111111______________', [LOWER, CHARACTERS]],
  ['a full-width letter', 'AAAAAＡaaaaaa111111______________', [UPPER, CHARACTERS]],
])('%s (K-504, K-505)', (_what, key, missed) => {
  expect(missedRules(key, DEFAULT_KEY_POLICY)).toEqual(missed)
})

test.each([...'!:_#$%&()*+-./;<=>?@[]^{|}~\\'])(
  'the sign %s may stand in a key (K-506)',
  (sign) => {
    expect(missedRules(`${KEY.slice(1)}${sign}`, DEFAULT_KEY_POLICY)).toEqual([])
  },
)

test.each([
  ' ',
  ',',
  '"',
  "'",
  '`',
  '\t',
  '\n',
  '\r',
  '\u0000',
  '\u007f',
  '\u0080',
  '\u00a0',
  'é',
  '\ud800',
])('the sign %j may not (K-506)', (sign) => {
  for (const key of [`${KEY.slice(1)}${sign}`, `${sign}${KEY.slice(1)}`]) {
    expect(missedRules(key, { ...DEFAULT_KEY_POLICY, minUpperCase: 0 })).toEqual([CHARACTERS])
  }
})
