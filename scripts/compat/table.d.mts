export interface Result {
  readonly node: string
  readonly undici: string
  readonly msw: string
  readonly vitest: string
  readonly tests: string
  readonly install: string
}

export function withResults(page: string, results: readonly Result[]): string
