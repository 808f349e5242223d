import type { ApplicationRecord, Importance } from '../store/records.ts'

export type { Importance }

/** The documented words, by number. */
export const IMPORTANCES = ['UNIMPORTANT', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const

/** @default 2, medium */
export function importanceOf({
  importance = 2,
}: Pick<ApplicationRecord, 'importance'>): Importance {
  return importance
}

/** Reads a number from 0 to 4 or one of the words, in any case. */
export function readImportance(text: string): Importance | undefined {
  const at = /^[0-4]$/.test(text)
    ? Number(text)
    : (IMPORTANCES as readonly string[]).indexOf(text.toUpperCase())
  return at === -1 ? undefined : (at as Importance)
}
