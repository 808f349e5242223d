import { foldPath } from './fold-path.ts'

const LIMIT_PATHS = 1_000
const LIMIT_CHARACTERS = 256

/** Folds paths as `foldPath` does, and remembers the last ones: folding costs a microsecond. */
export function createPathFolds(): (path: string) => string {
  const folds = new Map<string, string>()
  return (path) => {
    const known = folds.get(path)
    if (known !== undefined) return known
    const folded = foldPath(path)
    if (path.length > LIMIT_CHARACTERS) return folded
    if (folds.size === LIMIT_PATHS) folds.clear()
    folds.set(path, folded)
    return folded
  }
}
