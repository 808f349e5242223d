import { libraryScore } from '../../inventory/library.ts'
import { type Scores, scoresOf } from '../../inventory/scores.ts'
import type { Severity } from '../../inventory/severity.ts'
import { isOpen, type VulnerabilityStatus } from '../../inventory/vulnerability.ts'
import type { VulnerabilityTally } from '../../store/inventory-store.ts'
import type { OrganizationRecord } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'

/** What vulnerabilities and libraries of applications come to. */
export interface ApplicationStats {
  readonly scores: Scores
  /** The documented `TraceBreakdownResource`. */
  readonly breakdown: TraceBreakdown
  /** Open vulnerabilities of each severity. */
  readonly open: ReadonlyMap<string, number>
}

export interface TraceBreakdown {
  readonly traces: number
  readonly criticals: number
  readonly highs: number
  readonly meds: number
  readonly lows: number
  readonly notes: number
  readonly safes: number
  readonly triaged: number
  readonly reported: number
  readonly suspicious: number
  readonly confirmed: number
  readonly notProblem: number
  readonly remediated: number
  readonly fixed: number
  readonly remediatedAutoVerified: number
}

/** The stats of every application that has any, by its name, in one pass. */
export async function statsByApplication(
  store: Store,
  organization: OrganizationRecord,
): Promise<(name: string) => ApplicationStats> {
  const { id } = organization
  const tallies = await store.tallyVulnerabilities(id, {}, ['application', 'severity', 'status'])
  const libraries = await store.libraries(id)
  const byName = new Map<string, VulnerabilityTally[]>()
  for (const {
    values: [name = '', ...values],
    count,
  } of tallies) {
    const own = byName.get(name) ?? []
    own.push({ values, count })
    byName.set(name, own)
  }
  const scoresOfLibraries = new Map<string, number[]>()
  for (const library of libraries) {
    for (const name of library.uses.keys()) {
      const own = scoresOfLibraries.get(name) ?? []
      own.push(libraryScore(library))
      scoresOfLibraries.set(name, own)
    }
  }
  return (name) => statsOf(byName.get(name) ?? [], scoresOfLibraries.get(name) ?? [])
}

/**
 * @param tallies By severity and status.
 * @param libraryScores One for each library.
 */
export function statsOf(
  tallies: readonly VulnerabilityTally[],
  libraryScores: readonly number[],
): ApplicationStats {
  const open = new Map<string, number>()
  const statuses = new Map<string, number>()
  let traces = 0
  for (const { values, count } of tallies) {
    const [severity, status] = values as [Severity, VulnerabilityStatus]
    traces += count
    statuses.set(status, (statuses.get(status) ?? 0) + count)
    if (isOpen(status)) open.set(severity, (open.get(severity) ?? 0) + count)
  }
  const of = (status: VulnerabilityStatus) => statuses.get(status) ?? 0
  const openCount = [...open.values()].reduce((sum, each) => sum + each, 0)
  return {
    open,
    scores: scoresOf(open, libraryScores),
    breakdown: {
      traces,
      criticals: open.get('critical') ?? 0,
      highs: open.get('high') ?? 0,
      meds: open.get('medium') ?? 0,
      lows: open.get('low') ?? 0,
      notes: open.get('note') ?? 0,
      safes: traces - openCount,
      triaged: traces - of('reported'),
      reported: of('reported'),
      suspicious: of('suspicious'),
      confirmed: of('confirmed'),
      notProblem: of('not-a-problem'),
      remediated: of('remediated'),
      fixed: of('fixed'),
      remediatedAutoVerified: of('auto-remediated'),
    },
  }
}

/** The documented `ScoreResource`. */
export function scoreResource({ overall, security, platform }: Scores) {
  return {
    grade: overall.grade,
    letter_grade: overall.letter,
    library_scoring_type: 'DEFAULT',
    overall_scoring_type: 'DEFAULT',
    security: { grade: security.grade, letter_grade: security.letter },
    platform: { grade: platform.grade, letter_grade: platform.letter },
  }
}
