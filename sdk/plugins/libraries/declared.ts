import { join } from 'node:path'
import { isObject, readJsonFile } from './json-file.ts'

/** What the application itself asks for. */
export interface Declared {
  /** Every library that its package.json names. */
  readonly names: ReadonlySet<string>
  /** Those of them without which it does not run: `dependencies`. */
  readonly required: readonly string[]
}

/** @returns `undefined` when there is no package.json to be read. */
export async function readDeclared(root: string): Promise<Declared | undefined> {
  const file = await readJsonFile(join(root, 'package.json'))
  if (file.status !== 'read') return undefined
  const { dependencies, optionalDependencies, devDependencies } = file.value
  const required = namesOf(dependencies)
  const names = [...required, ...namesOf(optionalDependencies), ...namesOf(devDependencies)]
  return { names: new Set(names), required }
}

function namesOf(section: unknown): string[] {
  return isObject(section) ? Object.keys(section) : []
}
