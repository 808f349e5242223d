export interface Result {
  readonly node: string
  readonly undici: string
  readonly msw: string
  readonly vitest: string
  readonly tests: string
  readonly install: string
  /** What became of an application that starts its own engine in other runners than vitest. */
  readonly runners: string
}

export function withResults(page: string, results: readonly Result[]): string
