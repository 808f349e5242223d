import { content, json } from '../core/answer.ts'
import type { Answer } from '../core/exchange.ts'
import type { Catalog, CatalogRoute } from './catalog.ts'
import { emptyObject } from './empty-document.ts'

/** On every answer of a route without behaviour, so that nobody takes it for knowledge. */
export const SHAPE_ONLY_HEADER = 'x-mock-teamserver-shape-only'

const MARK = { [SHAPE_ONLY_HEADER]: 'true' }

const READ = 'Shape only: the mock knows nothing of this.'
const CHANGED = 'Shape only: nothing was changed.'

/** A ZIP archive without entries is its end record alone. */
const EMPTY_ZIP = Buffer.concat([Buffer.from('PK\u0005\u0006', 'latin1'), Buffer.alloc(18)])

/** Types of the documentation that are no objects of it. */
const PLAIN: Readonly<Record<string, unknown>> = {
  list: [],
  string: '',
  sarifschema210: {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [],
  },
}

/** Answers a documented route with nothing, in the documented shape. */
export function emptyAnswer(catalog: Catalog, route: CatalogRoute): Answer {
  const [method, path, , answer, particulars] = route
  const messages = [method === 'GET' ? READ : CHANGED]
  const object = emptyObject(catalog, answer, messages)
  if (object !== undefined) return json(200, object, MARK)
  if (answer in PLAIN) return json(200, PLAIN[answer], MARK)
  if (particulars?.type?.includes('zip') === true) {
    return content(200, particulars.type, EMPTY_ZIP, MARK)
  }
  if (/\/(csv|export)(\/|$)/.test(path)) return content(200, 'text/csv; charset=utf-8', '', MARK)
  if (answer === 'streamingresponsebody' || answer === 'file') {
    return content(200, 'application/octet-stream', '', MARK)
  }
  // Nobody says what it looks like: what every answer has.
  return json(200, { success: true, messages }, MARK)
}
