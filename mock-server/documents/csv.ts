/** What a cell holds. Text is data of somebody else; numbers and truth values are ours. */
export type Cell = string | number | boolean | undefined

/** Of tables that go over HTTP. */
export const CSV_TYPE = 'text/csv; charset=utf-8'

/**
 * Writes a table as CSV: a line for the names, then one for each row, each ended by CRLF.
 *
 * Every text stands in quotes, so that neither a comma nor the semicolon of other locales splits it. One that a
 * spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets show as text: what is
 * exported was reported from outside, by whoever sent a request to the application.
 *
 * @see RFC 4180; OWASP, CSV Injection
 */
export function csvOf(names: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [names, ...rows].map((cells) => `${cells.map(written).join(',')}\r\n`).join('')
}

/** Also behind spaces, which spreadsheets leave out, and in full width, which they take as well. */
const FORMULA = /^[\s\0]*[=+\-@＝＋－＠]|^[\t\r\n]/

function written(cell: Cell): string {
  if (cell === undefined) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return `"${text.replaceAll('"', '""')}"`
}
