/** What the doctor tries, in the order in which a report would meet it. */
export const CHECK_NAMES = [
  'configuration',
  'url',
  'dns',
  'proxy',
  'connection',
  'tls',
  'teamserver',
  'layer one',
  'layer two',
] as const

export type CheckName = (typeof CHECK_NAMES)[number]

/** One thing that the doctor tried. */
export interface Check {
  readonly name: CheckName
  /** `skipped`: there is nothing to try, or what stands before it failed. */
  readonly outcome: 'pass' | 'fail' | 'skipped'
  /** What was found, and what to do. */
  readonly detail: string
}

export const pass = (name: CheckName, detail: string): Check => ({ name, outcome: 'pass', detail })
export const fail = (name: CheckName, detail: string): Check => ({ name, outcome: 'fail', detail })
export const skip = (name: CheckName, detail: string): Check => ({
  name,
  outcome: 'skipped',
  detail,
})

/** Adds what was not tried because of what failed. */
export function completed(checks: readonly Check[]): readonly Check[] {
  const failed = checks.find(({ outcome }) => outcome === 'fail')
  return CHECK_NAMES.map(
    (name) =>
      checks.find((check) => check.name === name) ??
      skip(name, failed === undefined ? 'not tried' : `not tried, because ${failed.name} failed`),
  )
}
