import { inspect } from 'node:util'

/**
 * Freezes an object and hides some of its properties from `JSON.stringify`, `inspect`, a spread or a
 * loop: whoever knows their names can read them, and no log finds them.
 */
export function shield<Values extends object>(
  values: Values,
  secrets: readonly (keyof Values)[],
): Readonly<Values> {
  for (const name of secrets) {
    if (Object.hasOwn(values, name)) Object.defineProperty(values, name, { enumerable: false })
  }
  // Inspecting with showHidden would find them.
  Object.defineProperty(values, inspect.custom, { value: () => ({ ...values }) })
  return Object.freeze(values)
}
