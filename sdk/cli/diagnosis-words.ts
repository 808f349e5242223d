import { styleText } from 'node:util'
import type { DescribedSetting } from '../configuration/describe.ts'
import type { Check } from './check.ts'

/** What the doctor found. */
export interface Diagnosis {
  /** True if a report would be accepted. */
  readonly ok: boolean
  readonly settings: readonly DescribedSetting[]
  readonly checks: readonly Check[]
}

/** Longer values push nothing aside. */
const WIDEST_VALUE = 60

const COLOURS = { pass: 'green', fail: 'red', skipped: 'gray' } as const

/** Lays a diagnosis out for people: settings with their origins, checks, and what follows. */
export function diagnosisInWords({ ok, settings, checks }: Diagnosis, isColoured: boolean): string {
  const paint = (colour: (typeof COLOURS)[Check['outcome']], text: string) =>
    isColoured ? styleText(colour, text, { validateStream: false }) : text
  const shown = settings.filter(({ value }) => value !== '')
  const nameWidth = widest(shown.map(({ name }) => name))
  const valueWidth = Math.min(WIDEST_VALUE, widest(shown.map(({ value }) => value)))
  const checkWidth = widest(checks.map(({ name }) => name))
  return [
    ...shown.map(
      ({ name, value, origin }) =>
        `  ${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${origin.where}`,
    ),
    ...(shown.length > 0 ? [''] : []),
    ...checks.map(
      ({ name, outcome, detail }) =>
        `  ${paint(COLOURS[outcome], outcome.padEnd(8))} ${name.padEnd(checkWidth)}  ${detail}`,
    ),
    '',
    ok
      ? paint('green', 'A report would be accepted.')
      : paint('red', 'A report would not be accepted.'),
  ].join('\n')
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(({ length }) => length))
}
