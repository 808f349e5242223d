import { createHash } from 'node:crypto'
import type { LibraryReport } from '../../sdk/wire/messages.ts'

/** One version of a library, in whatever applications it is. */
export interface LibraryRecord {
  /** SHA-1 in hexadecimal over language, name and version: fit for a path. */
  readonly hash: string
  readonly name: string
  readonly version: string
  readonly language: string
  /** SPDX expression. */
  readonly license?: string
  /** Integrity of what was installed, as the engine told it. */
  readonly integrity?: string
  /** Where it is in each application, by the application's name. */
  readonly uses: ReadonlyMap<string, LibraryUse>
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
  readonly tags: readonly string[]
  /** No report tells it: a seed does. */
  readonly classCount: number
  readonly latestVersion?: string
  readonly latestReleasedAt?: Date
  readonly releasedAt?: Date
  readonly monthsOutdated: number
  readonly weaknesses: readonly LibraryWeakness[]
}

/** A library in one application. */
export interface LibraryUse {
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
  readonly dependency?: 'direct' | 'transitive'
  readonly file?: string
  readonly classesUsed: number
}

/** A published weakness of a library. */
export interface LibraryWeakness {
  /** Such as `CVE-2021-44228`. */
  readonly name: string
  readonly description: string
  readonly severity: 'low' | 'medium' | 'high' | 'critical'
}

/** What makes two reports of a library one. */
export function libraryKey(report: Pick<LibraryReport, 'language' | 'name' | 'version'>): string {
  return `${report.language ?? 'Node'} ${report.name ?? 'unnamed'} ${report.version ?? ''}`
}

/** SHA-1 in hexadecimal over what makes a library one. */
export function libraryHash(report: Pick<LibraryReport, 'language' | 'name' | 'version'>): string {
  return createHash('sha1').update(libraryKey(report)).digest('hex')
}

/** A library as one more report leaves it. */
export function absorbLibrary(
  before: LibraryRecord | undefined,
  report: LibraryReport,
  application: string,
  at: Date,
): LibraryRecord {
  const base = before ?? newLibrary(report, at)
  return {
    ...base,
    ...(report.license === undefined ? {} : { license: report.license }),
    ...(report.hash === undefined ? {} : { integrity: report.hash }),
    uses: withUse(base.uses, report, application, at),
    lastSeenAt: at > base.lastSeenAt ? at : base.lastSeenAt,
  }
}

function newLibrary(report: LibraryReport, at: Date): LibraryRecord {
  return {
    hash: libraryHash(report),
    name: report.name ?? 'unnamed',
    version: report.version ?? '',
    language: report.language ?? 'Node',
    uses: new Map(),
    firstSeenAt: at,
    lastSeenAt: at,
    tags: [],
    classCount: 0,
    monthsOutdated: 0,
    weaknesses: [],
  }
}

/** Applications remembered of one library, the newest. */
const USES = 1_000

function withUse(
  uses: ReadonlyMap<string, LibraryUse>,
  { dependency, file }: LibraryReport,
  application: string,
  at: Date,
): ReadonlyMap<string, LibraryUse> {
  const before = uses.get(application)
  const use: LibraryUse = {
    classesUsed: 0,
    firstSeenAt: at,
    ...before,
    lastSeenAt: at,
    ...(dependency === undefined ? {} : { dependency }),
    ...(file === undefined ? {} : { file }),
  }
  const others = [...uses].filter(([name]) => name !== application)
  return new Map([...others, [application, use] as const].slice(-USES))
}

/**
 * The score of a library, our rule: 100, less 25 for each published weakness and 1 for each month that
 * it is out of date; never below 0.
 */
export function libraryScore({
  weaknesses,
  monthsOutdated,
}: Pick<LibraryRecord, 'weaknesses' | 'monthsOutdated'>): number {
  return Math.max(0, 100 - 25 * weaknesses.length - monthsOutdated)
}
