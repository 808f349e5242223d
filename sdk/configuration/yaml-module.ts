/**
 * Loads the `yaml` package, which takes 20 to 55 ms: only when there is a file to read. In a module
 * of its own, so that a build without dependencies can put a bundled one in its place.
 */
export function loadYaml(): typeof import('yaml') {
  const { createRequire } = process.getBuiltinModule('node:module')
  return createRequire(import.meta.url)('yaml')
}
