import { readFile } from 'node:fs/promises'
import { codeOf } from '../../caught-error.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export type JsonFile =
  | { readonly status: 'read'; readonly value: JsonObject }
  | { readonly status: 'absent' }
  /** There, but not to be read, or not a JSON object. */
  | { readonly status: 'unreadable' }

/** Reads a file that holds one JSON object. Never rejects. */
export async function readJsonFile(path: string): Promise<JsonFile> {
  try {
    const text = await readFile(path, 'utf8')
    const value: unknown = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text)
    return isObject(value) ? { status: 'read', value } : { status: 'unreadable' }
  } catch (error) {
    return { status: isAbsence(error) ? 'absent' : 'unreadable' }
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @returns The text, or `undefined` for anything else, for none and for one past the limit. */
export function textOf(value: unknown, limitCharacters: number): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > limitCharacters) return undefined
  return value
}

function isAbsence(error: unknown): boolean {
  const code = codeOf(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}
