import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Points to another place of the tree. */
export class Link {
  readonly target: string
  constructor(target: string) {
    this.target = target
  }
}

/**
 * Makes a folder for one test and removes it afterwards.
 *
 * @param files By path: text as it is, a `Link` to another path, `null` for an empty folder, or what
 * becomes JSON.
 */
export function createTree(files: Record<string, unknown>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'libraries-')))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name)
    mkdirSync(content === null ? path : dirname(path), { recursive: true })
    if (content instanceof Link) symlinkSync(join(root, content.target), path)
    else if (content !== null) {
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    }
  }
  return root
}
