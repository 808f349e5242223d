import { json } from '../core/answer.ts'
import type { Answer } from '../core/exchange.ts'
import type { Catalog, CatalogRoute } from './catalog.ts'
import { emptyObject } from './empty-document.ts'

/** On every answer of a route without behaviour, so that nobody takes it for knowledge. */
export const SHAPE_ONLY_HEADER = 'x-mock-teamserver-shape-only'

const MARK = { [SHAPE_ONLY_HEADER]: 'true' }

const READ = 'Shape only: the mock knows nothing of this.'
const CHANGED = 'Shape only: nothing was changed.'

/** Types of the documentation that are no objects of it. */
const PLAIN: Readonly<Record<string, unknown>> = {
  list: [],
  string: '',
}

/** Answers a documented route with nothing, in the documented shape. */
export function emptyAnswer(catalog: Catalog, route: CatalogRoute): Answer {
  const [method, , , answer] = route
  const messages = [method === 'GET' ? READ : CHANGED]
  const object = emptyObject(catalog, answer, messages)
  if (object !== undefined) return json(200, object, MARK)
  if (answer in PLAIN) return json(200, PLAIN[answer], MARK)
  // Nobody says what it looks like: what every answer has.
  return json(200, { success: true, messages }, MARK)
}
