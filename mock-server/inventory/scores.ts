import type { Severity } from './severity.ts'

/** What each open vulnerability takes from 100. */
const POINTS: Readonly<Record<Severity, number>> = {
  critical: 20,
  high: 10,
  medium: 5,
  low: 1,
  note: 0,
}

/** A score from 0 to 100 and its letter. */
export interface Score {
  readonly grade: number
  readonly letter: Letter
}
export type Letter = 'A' | 'B' | 'C' | 'D' | 'F'
export const LETTERS: readonly Letter[] = ['A', 'B', 'C', 'D', 'F']

/**
 * The scores of an application, or of several together.
 *
 * The documentation says that the overall score is the average of the library score and the score of
 * the custom code, and not how those come about; that rule is ours: 100 less 20 for each open critical
 * vulnerability, 10 for high, 5 for medium, 1 for low.
 */
export interface Scores {
  readonly overall: Score
  /** Of the custom code. */
  readonly security: Score
  /** Of the libraries. */
  readonly platform: Score
}

/**
 * @param open Open vulnerabilities of each severity.
 * @param libraryScores One for each library; without any the platform is as good as it can be.
 */
export function scoresOf(
  open: ReadonlyMap<string, number>,
  libraryScores: readonly number[],
): Scores {
  const security = score(securityGrade(open))
  const platform = score(average(libraryScores))
  return { security, platform, overall: score(average([security.grade, platform.grade])) }
}

export function securityGrade(open: ReadonlyMap<string, number>): number {
  let grade = 100
  for (const [severity, points] of Object.entries(POINTS))
    grade -= points * (open.get(severity) ?? 0)
  return Math.max(0, grade)
}

/** @param grades Without any, 100. */
export function average(grades: readonly number[]): number {
  if (grades.length === 0) return 100
  return Math.round(grades.reduce((sum, each) => sum + each, 0) / grades.length)
}

/** A from 90, B from 80, C from 70, D from 60, else F. */
export function score(grade: number): Score {
  const letter = grade >= 90 ? 'A' : grade >= 80 ? 'B' : grade >= 70 ? 'C' : grade >= 60 ? 'D' : 'F'
  return { grade, letter }
}
