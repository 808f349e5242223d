import { type Cell, csvOf } from './csv.ts'
import { xmlOf } from './xml.ts'

/** The columns of a table, in their order: what people call each, and the field of a row that stands there. */
export type Columns<Field extends string> = readonly (readonly [name: string, field: Field])[]

/** Writes rows as CSV. */
export function tableAsCsv<Field extends string>(
  columns: Columns<Field>,
  rows: readonly Readonly<Record<Field, Cell>>[],
): string {
  return csvOf(
    columns.map(([name]) => name),
    rows.map((row) => columns.map(([, field]) => row[field])),
  )
}

/** Writes rows as XML: an element for each, in it one for each field that is there. */
export function tableAsXml<Field extends string>(
  [root, each]: readonly [root: string, each: string],
  columns: Columns<Field>,
  rows: readonly Readonly<Record<Field, string | number | undefined>>[],
): string {
  return xmlOf({
    name: root,
    content: rows.map((row) => ({
      name: each,
      content: columns.map(([, field]) => ({ name: field, content: row[field] })),
    })),
  })
}
