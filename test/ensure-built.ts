import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Before any test: some run what is in `dist/`, and all need the compiled validators. */
export default function ensureBuilt(): void {
  const root = fileURLToPath(new URL('..', import.meta.url))
  execFileSync(process.execPath, ['scripts/ensure-built.mjs'], { cwd: root, stdio: 'inherit' })
}
