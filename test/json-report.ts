import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const FILE = 'report.json'

/** Has vitest write a report as JSON: vitest 4 prints one that has no file, vitest 5 does not. */
export const JSON_REPORT = ['--reporter=json', `--outputFile=${FILE}`] as const

export async function readJsonReport(folder: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, FILE), 'utf8'))
}
