import { readFileSync } from 'node:fs'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../end-to-end/download.ts'
import { type Ended, runProgram } from '../end-to-end/program.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A code block: what it is written in, what it says, and the block without a language right below. */
export interface CodeBlock {
  readonly language: string
  readonly code: string
  readonly below: string | undefined
}

/** A page of the documentation. */
export interface Page {
  readonly text: string
  /** The cells of each row of each table, heads left out, without backticks. */
  readonly rows: readonly (readonly string[])[]
  readonly blocks: readonly CodeBlock[]
}

export function readPage(name: string): Page {
  const text = readFileSync(join(ROOT, 'docs', name), 'utf8')
  const lines = text.split('\n')
  const rows = lines
    .filter((line, index) => line.startsWith('|') && !lines[index + 1]?.startsWith('| ---'))
    .filter((line) => !line.startsWith('| ---'))
    .map((line) => line.slice(1, -1).split('|').map(plainCell))
  const blocks = [
    ...text.matchAll(/^```(\w+)\n(.*?)\n```$(?:\n\n```\n(?<below>.*?)\n```$)?/gms),
  ].map(({ 1: language = '', 2: code = '', groups }) => ({ language, code, below: groups?.below }))
  return { text, rows, blocks }
}

/** Runs a block of JavaScript as somebody would who pasted it into a file of their application. */
export async function runBlock(
  { code }: CodeBlock,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const file = code.includes('require(') ? 'app.cjs' : 'app.mjs'
  await using place = await temporaryFolder({ 'package.json': '{"name":"shop"}', [file]: code })
  await symlink(ROOT, join(place.folder, 'teamserver-engine'))
  // A peer that the reader has installed beside it.
  await symlink(join(ROOT, 'node_modules/msw'), join(place.folder, 'msw'))
  await symlink('.', join(place.folder, 'node_modules'))
  // msw 2 looks for localStorage, of which Node 26 says that it is an experiment.
  const quiet = code.includes('msw') ? ['--disable-warning=ExperimentalWarning'] : []
  return await runProgram(place.folder, [...quiet, file], env)
}

/** What a block says that it prints: the block below it, else the remarks behind `console.log()`. */
export function promisedOutput({ code, below }: CodeBlock): string | undefined {
  if (below !== undefined) return `${below}\n`
  const remarks = [...code.matchAll(/^console\.log\(.*\) \/\/ (.+)$/gm)]
  return remarks.length === 0 ? undefined : remarks.map(([, text]) => `${text}\n`).join('')
}

function plainCell(cell: string): string {
  return cell.trim().replaceAll('`', '')
}
